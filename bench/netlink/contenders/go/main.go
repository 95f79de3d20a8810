// The contenders in Go: `go-peers DUMP jsimonetti|vishvananda`. Speaks the protocol of ../../../README.md.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"os"
	"syscall"
	"time"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/vishvananda/netlink"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Calls back with the body of each link message; headers are read the same way for both libraries.
func bodies(dump []byte, each func(body []byte)) {
	for len(dump) >= 16 {
		length := binary.NativeEndian.Uint32(dump)
		if binary.NativeEndian.Uint16(dump[4:]) == syscall.RTM_NEWLINK {
			each(dump[16:length])
		}
		aligned := (length + 3) &^ 3
		if int(aligned) > len(dump) {
			return
		}
		dump = dump[aligned:]
	}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go-peers DUMP jsimonetti|vishvananda")
		os.Exit(2)
	}
	dump, err := os.ReadFile(os.Args[1])
	check(err)

	// All results of a pass live until the next one.
	var messages []rtnetlink.LinkMessage
	var links []netlink.Link
	bodies(dump, func([]byte) {
		messages = append(messages, rtnetlink.LinkMessage{})
		links = append(links, nil)
	})

	var pass func()
	var fact func(at int) (index int, mtu int, name string, received uint64)
	switch os.Args[2] {
	case "jsimonetti":
		pass = func() {
			at := 0
			bodies(dump, func(body []byte) {
				messages[at] = rtnetlink.LinkMessage{}
				check(messages[at].UnmarshalBinary(body))
				at++
			})
		}
		fact = func(at int) (int, int, string, uint64) {
			attributes := messages[at].Attributes
			return int(messages[at].Index), int(attributes.MTU), attributes.Name, attributes.Stats64.RXBytes
		}
	case "vishvananda":
		pass = func() {
			at := 0
			bodies(dump, func(body []byte) {
				link, err := netlink.LinkDeserialize(nil, body)
				check(err)
				links[at] = link
				at++
			})
		}
		fact = func(at int) (int, int, string, uint64) {
			attributes := links[at].Attrs()
			return attributes.Index, attributes.MTU, attributes.Name, attributes.Statistics.RxBytes
		}
	default:
		fmt.Fprintln(os.Stderr, "no such mode")
		os.Exit(2)
	}

	pass()
	indexes, mtus, received, hash := 0, 0, uint64(0), fnv.New32a()
	for at := range messages {
		index, mtu, name, bytes := fact(at)
		indexes += index
		mtus += mtu
		received += bytes
		hash.Write(append([]byte(name), 0))
	}
	fmt.Printf("%d %d %d %08x %d\n", len(messages), indexes, mtus, hash.Sum32(), received)

	input := bufio.NewReader(os.Stdin)
	for {
		var samples, passes int
		if _, err := fmt.Fscan(input, &samples, &passes); err != nil {
			return
		}
		for sample := range samples {
			start := time.Now()
			for range passes {
				pass()
			}
			if sample > 0 {
				fmt.Print(" ")
			}
			fmt.Print(time.Since(start).Nanoseconds())
		}
		fmt.Println()
	}
}
