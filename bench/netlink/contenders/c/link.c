/*
 * The contenders in C: libmnl, and a decoder without any library, which is the floor.
 *
 * Usage: link DUMP MODE. Speaks the protocol of ../README.md. MODE is one of
 *   floor        one pass, one switch, direct loads: the struct below
 *   table        mnl_attr_parse into a table of attributes a message, nothing read from them
 *   typed        mnl_attr_parse with the checks of libmnl's examples, then the struct below
 *   typed-lazy   the same without IFLA_STATS64 and IFLA_AF_SPEC: what decodeLink does before they are read
 */
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The kernel that made the dump may be newer than the headers here, whose IFLA_MAX and names end earlier. */
enum { TABLE = 96, CONF4 = 40, CONF6 = 80, STATS6 = 40, ICMP6 = 8, ADDRESS = 32, NAMES = 4 };
enum { A_ALLMULTI = 61, A_PERM_ADDRESS = 54, A_PROP_LIST = 52, A_ALT_IFNAME = 53 };

struct bytes {
	uint8_t length;
	uint8_t data[ADDRESS];
};

/* The fields of decodeLink(), with what it decodes late. */
struct link {
	uint16_t event, family, device_type;
	int32_t index;
	uint32_t flags, change;
	uint32_t mtu, min_mtu, max_mtu, carrier_changes, carrier_up, carrier_down, tx_queue_length;
	uint32_t tx_queues, rx_queues, promiscuity, all_multicast, group, master;
	int32_t lower, link_netns_id, new_netns_id, new_index;
	uint8_t oper_state, link_mode, carrier;
	char name[IFNAMSIZ], queue_discipline[IFNAMSIZ];
	const char *alias, *alternative_names[NAMES];
	struct bytes address, broadcast, permanent_address;
	char kind[IFNAMSIZ], slave_kind[IFNAMSIZ];
	const struct nlattr *data, *slave_data;
	uint32_t inet6_flags, inet6_ra_mtu;
	struct ifla_cacheinfo inet6_cache;
	uint8_t inet6_token[16], inet6_generation;
	bool has_stats, has_inet, has_inet6;
	/* From here on nothing is cleared for a new message: `has_` says what is there. */
	uint64_t stats[sizeof(struct rtnl_link_stats64) / 8 + 4];
	uint32_t inet_conf[CONF4], inet6_conf[CONF6];
	uint64_t inet6_stats[STATS6], icmp6_stats[ICMP6];
};

struct dump {
	char *bytes;
	size_t length;
	size_t count;
	struct link *links;
	const struct nlattr *(*tables)[TABLE];
};

static void copy(void *to, size_t room, const struct nlattr *attribute)
{
	size_t length = mnl_attr_get_payload_len(attribute);
	memcpy(to, mnl_attr_get_payload(attribute), length < room ? length : room);
}

static void copy_string(char *to, size_t room, const struct nlattr *attribute)
{
	size_t length = mnl_attr_get_payload_len(attribute);
	if (length >= room)
		length = room - 1;
	memcpy(to, mnl_attr_get_payload(attribute), length);
	to[length] = 0;
}

static void copy_bytes(struct bytes *to, const struct nlattr *attribute)
{
	size_t length = mnl_attr_get_payload_len(attribute);
	to->length = length < ADDRESS ? length : ADDRESS;
	memcpy(to->data, mnl_attr_get_payload(attribute), to->length);
}

/* ---- libmnl ---- */

static int into_table(const struct nlattr *attribute, void *data)
{
	const struct nlattr **table = data;
	unsigned type = mnl_attr_get_type(attribute);
	if (type < TABLE)
		table[type] = attribute;
	return MNL_CB_OK;
}

/* By type, what mnl_attr_validate is to check: as libmnl's own examples do, one callback an attribute. */
static const uint8_t expected[TABLE] = {
	[IFLA_IFNAME] = MNL_TYPE_STRING,	[IFLA_MTU] = MNL_TYPE_U32,
	[IFLA_LINK] = MNL_TYPE_U32,		[IFLA_QDISC] = MNL_TYPE_STRING,
	[IFLA_MASTER] = MNL_TYPE_U32,		[IFLA_TXQLEN] = MNL_TYPE_U32,
	[IFLA_OPERSTATE] = MNL_TYPE_U8,		[IFLA_LINKMODE] = MNL_TYPE_U8,
	[IFLA_LINKINFO] = MNL_TYPE_NESTED,	[IFLA_IFALIAS] = MNL_TYPE_STRING,
	[IFLA_AF_SPEC] = MNL_TYPE_NESTED,	[IFLA_GROUP] = MNL_TYPE_U32,
	[IFLA_PROMISCUITY] = MNL_TYPE_U32,	[IFLA_NUM_TX_QUEUES] = MNL_TYPE_U32,
	[IFLA_NUM_RX_QUEUES] = MNL_TYPE_U32,	[IFLA_CARRIER] = MNL_TYPE_U8,
	[IFLA_CARRIER_CHANGES] = MNL_TYPE_U32,	[IFLA_LINK_NETNSID] = MNL_TYPE_U32,
	[IFLA_NEW_NETNSID] = MNL_TYPE_U32,	[IFLA_CARRIER_UP_COUNT] = MNL_TYPE_U32,
	[IFLA_CARRIER_DOWN_COUNT] = MNL_TYPE_U32, [IFLA_NEW_IFINDEX] = MNL_TYPE_U32,
	[IFLA_MIN_MTU] = MNL_TYPE_U32,		[IFLA_MAX_MTU] = MNL_TYPE_U32,
	[A_PROP_LIST] = MNL_TYPE_NESTED,	[A_ALLMULTI] = MNL_TYPE_U32,
};

static int checked_into_table(const struct nlattr *attribute, void *data)
{
	const struct nlattr **table = data;
	unsigned type = mnl_attr_get_type(attribute);
	if (type >= TABLE)
		return MNL_CB_OK;
	if (expected[type] != MNL_TYPE_UNSPEC && mnl_attr_validate(attribute, expected[type]) < 0)
		return MNL_CB_ERROR;
	table[type] = attribute;
	return MNL_CB_OK;
}

static int info_into_table(const struct nlattr *attribute, void *data)
{
	const struct nlattr **table = data;
	unsigned type = mnl_attr_get_type(attribute);
	if (type <= IFLA_INFO_SLAVE_DATA)
		table[type] = attribute;
	return MNL_CB_OK;
}

static int inet6_into_table(const struct nlattr *attribute, void *data)
{
	const struct nlattr **table = data;
	unsigned type = mnl_attr_get_type(attribute);
	if (type <= IFLA_INET6_RA_MTU)
		table[type] = attribute;
	return MNL_CB_OK;
}

static void mnl_info(struct link *link, const struct nlattr *nest)
{
	const struct nlattr *table[IFLA_INFO_SLAVE_DATA + 1] = { 0 };
	mnl_attr_parse_nested(nest, info_into_table, table);
	if (table[IFLA_INFO_KIND])
		copy_string(link->kind, sizeof link->kind, table[IFLA_INFO_KIND]);
	if (table[IFLA_INFO_SLAVE_KIND])
		copy_string(link->slave_kind, sizeof link->slave_kind, table[IFLA_INFO_SLAVE_KIND]);
	link->data = table[IFLA_INFO_DATA];
	link->slave_data = table[IFLA_INFO_SLAVE_DATA];
}

static void mnl_inet6(struct link *link, const struct nlattr *nest)
{
	const struct nlattr *table[IFLA_INET6_RA_MTU + 1] = { 0 };
	mnl_attr_parse_nested(nest, inet6_into_table, table);
	link->has_inet6 = true;
	if (table[IFLA_INET6_FLAGS])
		link->inet6_flags = mnl_attr_get_u32(table[IFLA_INET6_FLAGS]);
	if (table[IFLA_INET6_CONF])
		copy(link->inet6_conf, sizeof link->inet6_conf, table[IFLA_INET6_CONF]);
	if (table[IFLA_INET6_STATS])
		copy(link->inet6_stats, sizeof link->inet6_stats, table[IFLA_INET6_STATS]);
	if (table[IFLA_INET6_ICMP6STATS])
		copy(link->icmp6_stats, sizeof link->icmp6_stats, table[IFLA_INET6_ICMP6STATS]);
	if (table[IFLA_INET6_CACHEINFO])
		copy(&link->inet6_cache, sizeof link->inet6_cache, table[IFLA_INET6_CACHEINFO]);
	if (table[IFLA_INET6_TOKEN])
		copy(link->inet6_token, sizeof link->inet6_token, table[IFLA_INET6_TOKEN]);
	if (table[IFLA_INET6_ADDR_GEN_MODE])
		link->inet6_generation = mnl_attr_get_u8(table[IFLA_INET6_ADDR_GEN_MODE]);
	if (table[IFLA_INET6_RA_MTU])
		link->inet6_ra_mtu = mnl_attr_get_u32(table[IFLA_INET6_RA_MTU]);
}

static void mnl_af_spec(struct link *link, const struct nlattr *nest)
{
	const struct nlattr *family, *inner;
	mnl_attr_for_each_nested(family, nest) {
		if (mnl_attr_get_type(family) == AF_INET) {
			link->has_inet = true;
			mnl_attr_for_each_nested(inner, family)
				if (mnl_attr_get_type(inner) == IFLA_INET_CONF)
					copy(link->inet_conf, sizeof link->inet_conf, inner);
		} else if (mnl_attr_get_type(family) == AF_INET6) {
			mnl_inet6(link, family);
		}
	}
}

static void mnl_names(struct link *link, const struct nlattr *nest)
{
	const struct nlattr *inner;
	int count = 0;
	mnl_attr_for_each_nested(inner, nest)
		if (mnl_attr_get_type(inner) == A_ALT_IFNAME && count < NAMES)
			link->alternative_names[count++] = mnl_attr_get_str(inner);
}

static void header(struct link *link, const struct nlmsghdr *message)
{
	const struct ifinfomsg *fixed = mnl_nlmsg_get_payload(message);
	link->event = message->nlmsg_type;
	link->family = fixed->ifi_family;
	link->device_type = fixed->ifi_type;
	link->index = fixed->ifi_index;
	link->flags = fixed->ifi_flags;
	link->change = fixed->ifi_change;
}

#define U32(field, type) \
	if (table[type]) \
		link->field = mnl_attr_get_u32(table[type])
#define U8(field, type) \
	if (table[type]) \
		link->field = mnl_attr_get_u8(table[type])

static void mnl_typed(struct link *link, const struct nlmsghdr *message, bool everything)
{
	const struct nlattr *table[TABLE] = { 0 };
	memset(link, 0, offsetof(struct link, stats));
	if (mnl_attr_parse(message, sizeof(struct ifinfomsg), checked_into_table, table) < 0)
		exit(3);
	header(link, message);
	if (table[IFLA_ADDRESS])
		copy_bytes(&link->address, table[IFLA_ADDRESS]);
	if (table[IFLA_BROADCAST])
		copy_bytes(&link->broadcast, table[IFLA_BROADCAST]);
	if (table[A_PERM_ADDRESS])
		copy_bytes(&link->permanent_address, table[A_PERM_ADDRESS]);
	if (table[IFLA_IFNAME])
		copy_string(link->name, sizeof link->name, table[IFLA_IFNAME]);
	if (table[IFLA_QDISC])
		copy_string(link->queue_discipline, sizeof link->queue_discipline, table[IFLA_QDISC]);
	if (table[IFLA_IFALIAS])
		link->alias = mnl_attr_get_str(table[IFLA_IFALIAS]);
	U32(mtu, IFLA_MTU);
	U32(min_mtu, IFLA_MIN_MTU);
	U32(max_mtu, IFLA_MAX_MTU);
	U32(lower, IFLA_LINK);
	U32(master, IFLA_MASTER);
	U32(tx_queue_length, IFLA_TXQLEN);
	U8(oper_state, IFLA_OPERSTATE);
	U8(link_mode, IFLA_LINKMODE);
	U8(carrier, IFLA_CARRIER);
	U32(group, IFLA_GROUP);
	U32(promiscuity, IFLA_PROMISCUITY);
	U32(all_multicast, A_ALLMULTI);
	U32(tx_queues, IFLA_NUM_TX_QUEUES);
	U32(rx_queues, IFLA_NUM_RX_QUEUES);
	U32(carrier_changes, IFLA_CARRIER_CHANGES);
	U32(carrier_up, IFLA_CARRIER_UP_COUNT);
	U32(carrier_down, IFLA_CARRIER_DOWN_COUNT);
	U32(link_netns_id, IFLA_LINK_NETNSID);
	U32(new_netns_id, IFLA_NEW_NETNSID);
	U32(new_index, IFLA_NEW_IFINDEX);
	if (table[A_PROP_LIST])
		mnl_names(link, table[A_PROP_LIST]);
	if (table[IFLA_LINKINFO])
		mnl_info(link, table[IFLA_LINKINFO]);
	if (!everything)
		return;
	if (table[IFLA_STATS64]) {
		copy(link->stats, sizeof link->stats, table[IFLA_STATS64]);
		link->has_stats = true;
	}
	if (table[IFLA_AF_SPEC])
		mnl_af_spec(link, table[IFLA_AF_SPEC]);
}

/* ---- the floor ---- */

static inline const struct nlattr *next(const struct nlattr *attribute)
{
	return (const void *)((const char *)attribute + ((attribute->nla_len + 3u) & ~3u));
}

static inline bool whole(const struct nlattr *attribute, const char *end)
{
	long left = end - (const char *)attribute;
	return left >= 4 && attribute->nla_len >= 4 && attribute->nla_len <= left;
}

#define EACH(attribute, from, until) \
	for (const struct nlattr *attribute = (const void *)(from); whole(attribute, until); \
	     attribute = next(attribute))
#define INSIDE(attribute, nest) \
	EACH(attribute, (const char *)(nest) + 4, (const char *)(nest) + (nest)->nla_len)
#define TYPE(attribute) ((attribute)->nla_type & NLA_TYPE_MASK)
#define LOAD32(field) \
	if (attribute->nla_len >= 8) \
		memcpy(&link->field, attribute + 1, 4); \
	break
#define LOAD8(field) \
	if (attribute->nla_len >= 5) \
		link->field = *(const uint8_t *)(attribute + 1); \
	break

static void floor_af_spec(struct link *link, const struct nlattr *nest)
{
	INSIDE(family, nest) {
		if (TYPE(family) == AF_INET) {
			link->has_inet = true;
			INSIDE(attribute, family)
				if (TYPE(attribute) == IFLA_INET_CONF)
					copy(link->inet_conf, sizeof link->inet_conf, attribute);
		} else if (TYPE(family) == AF_INET6) {
			link->has_inet6 = true;
			INSIDE(attribute, family) {
				switch (TYPE(attribute)) {
				case IFLA_INET6_FLAGS: LOAD32(inet6_flags);
				case IFLA_INET6_RA_MTU: LOAD32(inet6_ra_mtu);
				case IFLA_INET6_ADDR_GEN_MODE: LOAD8(inet6_generation);
				case IFLA_INET6_CONF: copy(link->inet6_conf, sizeof link->inet6_conf, attribute); break;
				case IFLA_INET6_STATS: copy(link->inet6_stats, sizeof link->inet6_stats, attribute); break;
				case IFLA_INET6_ICMP6STATS: copy(link->icmp6_stats, sizeof link->icmp6_stats, attribute); break;
				case IFLA_INET6_CACHEINFO: copy(&link->inet6_cache, sizeof link->inet6_cache, attribute); break;
				case IFLA_INET6_TOKEN: copy(link->inet6_token, sizeof link->inet6_token, attribute); break;
				}
			}
		}
	}
}

static void floor_typed(struct link *link, const struct nlmsghdr *message)
{
	memset(link, 0, offsetof(struct link, stats));
	header(link, message);
	const char *end = (const char *)message + message->nlmsg_len;
	EACH(attribute, (const char *)message + NLMSG_HDRLEN + sizeof(struct ifinfomsg), end) {
		switch (TYPE(attribute)) {
		case IFLA_ADDRESS: copy_bytes(&link->address, attribute); break;
		case IFLA_BROADCAST: copy_bytes(&link->broadcast, attribute); break;
		case A_PERM_ADDRESS: copy_bytes(&link->permanent_address, attribute); break;
		case IFLA_IFNAME: copy_string(link->name, sizeof link->name, attribute); break;
		case IFLA_QDISC: copy_string(link->queue_discipline, sizeof link->queue_discipline, attribute); break;
		case IFLA_IFALIAS: link->alias = (const char *)(attribute + 1); break;
		case IFLA_MTU: LOAD32(mtu);
		case IFLA_MIN_MTU: LOAD32(min_mtu);
		case IFLA_MAX_MTU: LOAD32(max_mtu);
		case IFLA_LINK: LOAD32(lower);
		case IFLA_MASTER: LOAD32(master);
		case IFLA_TXQLEN: LOAD32(tx_queue_length);
		case IFLA_OPERSTATE: LOAD8(oper_state);
		case IFLA_LINKMODE: LOAD8(link_mode);
		case IFLA_CARRIER: LOAD8(carrier);
		case IFLA_GROUP: LOAD32(group);
		case IFLA_PROMISCUITY: LOAD32(promiscuity);
		case A_ALLMULTI: LOAD32(all_multicast);
		case IFLA_NUM_TX_QUEUES: LOAD32(tx_queues);
		case IFLA_NUM_RX_QUEUES: LOAD32(rx_queues);
		case IFLA_CARRIER_CHANGES: LOAD32(carrier_changes);
		case IFLA_CARRIER_UP_COUNT: LOAD32(carrier_up);
		case IFLA_CARRIER_DOWN_COUNT: LOAD32(carrier_down);
		case IFLA_LINK_NETNSID: LOAD32(link_netns_id);
		case IFLA_NEW_NETNSID: LOAD32(new_netns_id);
		case IFLA_NEW_IFINDEX: LOAD32(new_index);
		case A_PROP_LIST: {
			int count = 0;
			INSIDE(inner, attribute)
				if (TYPE(inner) == A_ALT_IFNAME && count < NAMES)
					link->alternative_names[count++] = (const char *)(inner + 1);
			break;
		}
		case IFLA_LINKINFO:
			INSIDE(inner, attribute) {
				switch (TYPE(inner)) {
				case IFLA_INFO_KIND: copy_string(link->kind, sizeof link->kind, inner); break;
				case IFLA_INFO_SLAVE_KIND: copy_string(link->slave_kind, sizeof link->slave_kind, inner); break;
				case IFLA_INFO_DATA: link->data = inner; break;
				case IFLA_INFO_SLAVE_DATA: link->slave_data = inner; break;
				}
			}
			break;
		case IFLA_STATS64:
			copy(link->stats, sizeof link->stats, attribute);
			link->has_stats = true;
			break;
		case IFLA_AF_SPEC: floor_af_spec(link, attribute); break;
		}
	}
}

/* ---- the protocol ---- */

enum mode { FLOOR, TABLE_ONLY, TYPED, TYPED_LAZY };
static const char *const modes[] = { "floor", "table", "typed", "typed-lazy" };

/* Decodes the whole dump once; all results stay where they are until the next pass. */
static void pass(const struct dump *dump, enum mode mode)
{
	int left = dump->length;
	size_t count = 0;
	for (struct nlmsghdr *message = (void *)dump->bytes; mnl_nlmsg_ok(message, left);
	     message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_type != RTM_NEWLINK)
			continue;
		if (mode == FLOOR) {
			floor_typed(&dump->links[count], message);
		} else if (mode == TABLE_ONLY) {
			memset(dump->tables[count], 0, sizeof dump->tables[count]);
			mnl_attr_parse(message, sizeof(struct ifinfomsg), into_table, dump->tables[count]);
		} else {
			mnl_typed(&dump->links[count], message, mode == TYPED);
		}
		count++;
	}
	__asm__ volatile("" : : "r"(dump->links), "r"(dump->tables) : "memory");
}

static void print_digest(const struct dump *dump, enum mode mode)
{
	/* What a contender leaves raw is taken from its table, or from the message itself. */
	uint64_t indexes = 0, mtus = 0, received = 0;
	uint32_t hash = 2166136261u;
	size_t count = 0;
	int left = dump->length;
	for (struct nlmsghdr *message = (void *)dump->bytes; mnl_nlmsg_ok(message, left);
	     message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_type != RTM_NEWLINK)
			continue;
		struct link link;
		if (mode == TABLE_ONLY) {
			const struct nlattr **table = dump->tables[count];
			header(&link, message);
			link.mtu = mnl_attr_get_u32(table[IFLA_MTU]);
			copy_string(link.name, sizeof link.name, table[IFLA_IFNAME]);
			copy(link.stats, sizeof link.stats, table[IFLA_STATS64]);
		} else {
			link = dump->links[count];
			if (!link.has_stats) {
				const struct nlattr *attribute;
				mnl_attr_for_each(attribute, message, sizeof(struct ifinfomsg))
					if (mnl_attr_get_type(attribute) == IFLA_STATS64)
						copy(link.stats, sizeof link.stats, attribute);
			}
		}
		count++;
		indexes += link.index;
		mtus += link.mtu;
		received += link.stats[2];
		for (const char *byte = link.name;; byte++) {
			hash = (hash ^ (uint8_t)*byte) * 16777619u;
			if (*byte == 0)
				break;
		}
	}
	printf("%zu %llu %llu %08x %llu\n", count, (unsigned long long)indexes, (unsigned long long)mtus, hash,
	       (unsigned long long)received);
	fflush(stdout);
}

static long long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	int mode = 0;
	while (argc == 3 && mode < 4 && strcmp(argv[2], modes[mode]) != 0)
		mode++;
	if (argc != 3 || mode == 4) {
		fprintf(stderr, "usage: %s DUMP floor|table|typed|typed-lazy\n", argv[0]);
		return 2;
	}

	FILE *file = fopen(argv[1], "rb");
	if (!file)
		die(argv[1]);
	fseek(file, 0, SEEK_END);
	struct dump dump = { .length = ftell(file) };
	rewind(file);
	dump.bytes = malloc(dump.length);
	if (!dump.bytes || fread(dump.bytes, 1, dump.length, file) != dump.length)
		die(argv[1]);
	fclose(file);

	int left = dump.length;
	for (struct nlmsghdr *message = (void *)dump.bytes; mnl_nlmsg_ok(message, left);
	     message = mnl_nlmsg_next(message, &left))
		dump.count++;
	dump.links = calloc(dump.count, sizeof *dump.links);
	dump.tables = calloc(dump.count, sizeof *dump.tables);
	if (!dump.links || !dump.tables)
		die("calloc");

	pass(&dump, mode);
	print_digest(&dump, mode);
	int samples, passes;
	while (scanf("%d %d", &samples, &passes) == 2) {
		for (int sample = 0; sample < samples; sample++) {
			long long start = now();
			for (int count = 0; count < passes; count++)
				pass(&dump, mode);
			printf(sample == 0 ? "%lld" : " %lld", now() - start);
		}
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
