# Every target is one thin call; `make` lists them. Settings go on the line: make e2e K3S_IMAGE=rancher/k3s:v1.34.1-k3s1
MVN := ./mvnw -B -ntp
DIST := cli/target/tickstorm
SAMPLE ?= k8s/samples/smallest.yaml

.DEFAULT_GOAL := help
.PHONY: lab labs docs site screenshots conformance help setup build test it e2e soak demo bench hang micro races fuzz image reproduce dist crd reference sim fmt clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):.*## /\1\t/p' Makefile | expand -t 13

setup: ## look for what the build and each test level need, and say what is missing
	@build/setup

build: ## compile and pack everything, with all static checks, without tests
	$(MVN) verify -DskipTests

test: ## static checks and every *Test: needs a JDK 25 and Maven Central, no Docker, no cluster
	$(MVN) verify

it: ## every *IT: needs an API server (KUBE_API_TEST_DIR) or Docker
	@build/need it
	$(MVN) verify -Pit -DskipUnitTests

e2e: image ## every *E2E on a real cluster: Docker with K3S_IMAGE or the pinned k3s, or E2E_KUBECONFIG
	@build/need e2e
	$(MVN) verify -Pe2e -DskipUnitTests -pl e2e -am $(E2E)

soak: ## every *Soak: races repeated 20,000 times each, 100,000 client addresses; then e2e with 20 rollouts and 5 frozen minutes; about an hour
	$(MVN) verify -Psoak -DskipUnitTests -pl proxy/server -am
	$(MAKE) e2e E2E="-De2e.rollouts=20 -De2e.frozenSeconds=300"

dist: $(DIST)/bin/tickstorm ## pack the launcher and its jars into cli/target/tickstorm

$(DIST)/bin/tickstorm: $(shell find process proxy backend operator cli -name '*.java' -o -name '*.proto' -o -name pom.xml -o -path '*/src/main/*' -type f 2>/dev/null) pom.xml
	$(MVN) -q package -Pdist -DskipTests
	build/aot $(DIST)
	@touch $@

demo: dist ## the main job on this machine: one resource, balanced traffic, a kill, a rolling update, 0 failed requests
	$(DIST)/bin/tickstorm demo $(SAMPLE)

lab: labs/target/class-path ## play one lab of docs/learn, NAME=retries; less than a minute each; WRITE=yes puts its numbers and picture into docs/learn
	labs/run $(NAME)

labs: labs/target/class-path ## play all labs, one after the other
	labs/run all

labs/target/class-path: $(shell find process proxy backend operator cli labs -name '*.java' -o -name '*.proto' -o -name pom.xml -o -path '*/src/main/*' -type f 2>/dev/null) pom.xml
	$(MVN) -q package -Pdist -DskipTests -pl labs -am
	@touch $@

image: dist ## images of proxy, operator and backend (BASE_IMAGE=debian:bookworm-slim), to Docker or TAR=folder
	@build/need image
	image/build $(DIST)

reproduce: ## build the images twice from clean copies and compare them bit by bit; some ten minutes
	@TAR=yes build/need image
	image/reproduce

bench: dist ## CPU, latency, memory and start beside HAProxy, nginx, Envoy, Traefik and a Go balancer; some sixteen minutes
	bench/run

conformance: dist ## h2spec against the packed proxy, with TLS and without: needs openssl, and Go or H2SPEC
	conformance/h2spec

races: ## look at many more ways in which threads can race than make test does
	$(MVN) -q verify -pl proxy/races -am -Dtest='*RaceTest' -Dsurefire.failIfNoSpecifiedTests=false -Draces=long

fuzz: ## try two million inputs on each reader of the HTTP/1.1 codec, and keep those that reach new code; about ten minutes
	$(MVN) -q verify -pl proxy/fuzz -am -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false -Dfuzz.runs=2000000 -Dfuzz.corpus=grow

screenshots: ## take the pictures of docs/images from a running proxy that loses a backend: needs Chromium and Node.js; five minutes
	$(MVN) -q verify -pl page -am -Dtest=Screenshots -Dsurefire.failIfNoSpecifiedTests=false -Dbrowser.required=true -Dscreenshots.folder=$(CURDIR)/docs/images

hang: dist ## what clients see while one server hangs, beside HAProxy, nginx, Envoy and Traefik; some two minutes
	bench/hang

micro: ## what choosing an upstream costs, and parsing and writing a head, beside Netty
	bench/micro/run
	bench/micro/run codec

crd: ## generate the custom resource definition and what is made from it
	$(MVN) -q test -pl operator -am -Dtest='*GoldenTest' -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update=true

reference: ## write docs/reference/commands.md and the tables of docs/reference/configuration.md from the code
	$(MVN) -q test -pl proxy/core,cli -am -Dtest=ReferenceTest,CommandsReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update=true

docs: dist ## run every command of README and docs that needs no cluster, and build the site: needs curl, unshare, ip and python3
	@build/need docs
	$(MVN) verify -Pdocs -pl doctest
	site/build

site: ## the documentation as a folder of pages, target/site: opens from the disk, searches without a network; needs python3
	site/build

sim: dist ## compare the balancing policies in virtual time and write the tables of docs/balancing.md
	$(DIST)/bin/tickstorm sim --write docs/balancing.md

fmt: ## format the sources
	$(MVN) -q spotless:apply

clean: ## remove what the build made
	$(MVN) -q clean
