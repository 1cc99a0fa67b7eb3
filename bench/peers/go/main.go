// The balancer that a Go programmer writes in an afternoon: httputil.ReverseProxy with least connections, and TCP by io.Copy,
// which is splice(2) between two sockets on Linux.
package main

import (
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync/atomic"
	"time"
)

type upstream struct {
	address  string
	inFlight atomic.Int64
}

type balancer struct {
	upstreams []*upstream
	turn      atomic.Uint64
	transport http.RoundTripper
}

func (b *balancer) pick() *upstream {
	first := int(b.turn.Add(1))
	best := b.upstreams[first%len(b.upstreams)]
	for i := 1; i < len(b.upstreams); i++ {
		if next := b.upstreams[(first+i)%len(b.upstreams)]; next.inFlight.Load() < best.inFlight.Load() {
			best = next
		}
	}
	return best
}

// RoundTrip counts an attempt until the body of its answer is closed.
func (b *balancer) RoundTrip(request *http.Request) (*http.Response, error) {
	chosen := b.pick()
	chosen.inFlight.Add(1)
	request.URL.Host = chosen.address
	response, err := b.transport.RoundTrip(request)
	if err != nil {
		chosen.inFlight.Add(-1)
		return nil, err
	}
	response.Body = &counted{response.Body, chosen}
	return response, nil
}

type counted struct {
	io.ReadCloser
	of *upstream
}

func (c *counted) Close() error {
	c.of.inFlight.Add(-1)
	return c.ReadCloser.Close()
}

func forward(address, to string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go relay(client.(*net.TCPConn), to)
	}
}

func relay(client *net.TCPConn, to string) {
	server, err := net.Dial("tcp", to)
	if err != nil {
		client.Close()
		return
	}
	done := make(chan struct{})
	go func() { oneWay(server.(*net.TCPConn), client); close(done) }()
	oneWay(client, server.(*net.TCPConn))
	<-done
	client.Close()
	server.Close()
}

func oneWay(to, from *net.TCPConn) {
	io.Copy(to, from)
	to.CloseWrite()
}

func main() {
	plain := flag.String("http", "", "address of HTTP")
	secure := flag.String("tls", "", "address of HTTPS")
	certificate := flag.String("certificate", "", "file of its certificate and key")
	stream := flag.String("tcp", "", "address of TCP")
	message := flag.String("ping", "", "address of TCP to -echo")
	echo := flag.String("echo", "", "what answers there")
	servers := flag.String("servers", "", "addresses of the upstreams")
	flag.Parse()

	b := &balancer{transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Hour, DisableCompression: true}}
	for _, address := range strings.Split(*servers, ",") {
		b.upstreams = append(b.upstreams, &upstream{address: address})
	}
	proxy := &httputil.ReverseProxy{
		Transport: b,
		Rewrite: func(request *httputil.ProxyRequest) {
			request.SetXForwarded()
			request.Out.Host = request.In.Host
			request.Out.URL.Scheme = "http"
		},
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	go forward(*stream, b.upstreams[0].address)
	go forward(*message, *echo)
	go func() {
		log.Fatal((&http.Server{Addr: *secure, Handler: proxy, Protocols: protocols}).ListenAndServeTLS(*certificate, *certificate))
	}()
	log.Fatal((&http.Server{Addr: *plain, Handler: proxy, Protocols: protocols}).ListenAndServe())
}
