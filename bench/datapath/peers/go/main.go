// wireguard-go's tun, and Tailscale's fork of it, as forwarders: `forward-peers wireguard|tailscale|raw NAMESPACE`,
// as ../../c/forwarder.c does it, on TUN. wireguard and tailscale are their Read and Write of batches, raw is the
// file of wireguard-go's device, whose super-frames are passed on with their headers.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"runtime"

	tailscale "github.com/tailscale/wireguard-go/tun"
	"golang.org/x/sys/unix"
	wireguard "golang.zx2c4.com/wireguard/tun"
)

const (
	// In front of each packet: more than a virtio-net header.
	offset = 16
	// Joining segments makes packets as long as this.
	room = offset + 65535
	mtu  = 1500
)

// What both have.
type device interface {
	File() *os.File
	Name() (string, error)
	Read(bufs [][]byte, sizes []int, offset int) (int, error)
	Write(bufs [][]byte, offset int) (int, error)
	BatchSize() int
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("forward-peers wireguard|tailscale|raw NAMESPACE")
	}
	mode := os.Args[1]
	// This thread goes to the other namespace, and stays there.
	runtime.LockOSThread()
	one, name := open(mode)
	namespace, err := os.Open(os.Args[2])
	check(err)
	check(unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET))
	other, otherName := open(mode)
	fmt.Println(name, otherName)
	pass := passBatches
	if mode == "raw" {
		pass = passRaw
	}
	go pass(one, other)
	go pass(other, one)
	_, err = io.Copy(io.Discard, os.Stdin)
	check(err)
}

func open(mode string) (device, string) {
	var opened device
	if mode == "tailscale" {
		tun, err := tailscale.CreateTUN("peer%d", mtu)
		check(err)
		go func() {
			for range tun.Events() {
			}
		}()
		opened = tun
	} else {
		tun, err := wireguard.CreateTUN("peer%d", mtu)
		check(err)
		go func() {
			for range tun.Events() {
			}
		}()
		opened = tun
	}
	name, err := opened.Name()
	check(err)
	return opened, name
}

// What a device that is not up yet refuses is lost, as on a wire.
func passRaw(from, to device) {
	bytes := make([]byte, room)
	source, sink := from.File(), to.File()
	for {
		length, err := source.Read(bytes)
		check(err)
		_, _ = sink.Write(bytes[:length])
	}
}

func passBatches(from, to device) {
	count := from.BatchSize()
	sizes := make([]int, count)
	whole := make([][]byte, count)
	packets := make([][]byte, count)
	for i := range whole {
		whole[i] = make([]byte, room)
	}
	for {
		received, err := from.Read(whole, sizes, offset)
		if err != nil {
			continue
		}
		for i := range received {
			packets[i] = whole[i][:offset+sizes[i]]
		}
		_, _ = to.Write(packets[:received], offset)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
