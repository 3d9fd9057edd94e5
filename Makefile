# Every verb installs what it needs and is missing. The first build takes some minutes.

.DEFAULT_GOAL := build

.PHONY: demo flights help build test test-unit test-target lint format install uninstall test-install deb test-deb test-contract test-clients test-export test-docs test-tls compare-http test-idle test-false-alarms test-verdicts test-growth fuzz attack soak test-kill test-kill-serve test-thread test-address bench bench-peers openapi models screenshot clean

##@ Look at it

demo: build ## The whole story in half a minute.
	.build/release/tare demo

flights: build ## The year 2013 of the flights out of New York: predicted, watched and retrained, its error by month.
	@Scripts/setup flights
	Scripts/flights/run .build/release/tare .tools/flights

##@ Work on it

help: ## The verbs, in the order in which a newcomer needs them.
	@sed -nE 's/^##@ (.*)/\n\1/p; s/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

# Swift's own libraries are linked in: a request then costs some 3 % fewer cycles, and the binary runs without Swift.
build: ## The release binary, .build/release/tare.
	@Scripts/setup build docs
	swift build -c release --product tare --static-swift-stdlib

TESTS = test-contract test-clients test-unit test-tls
test: ## Every test, against real parts, and how long each part took.
	@Scripts/run-parts $(TESTS)

test-unit: ## Swift's tests; a real mongod, nginx, openssl, promtool, Chromium and Triton's client are fetched for them.
	@Scripts/setup build docs mongod tests clients prometheus browser
	swift test --quiet

lint: ## Format, and the rules that no compiler checks.
	swift format lint --strict --recursive Package.swift Sources Tests
	Scripts/lint

format: ## Rewrites the sources in the project's format.
	swift format --in-place --recursive Package.swift Sources Tests

##@ Install it

# Of a package: make install DESTDIR=… PREFIX=/usr
PREFIX ?= /usr/local
install: build ## The program, its manual pages and completions, below PREFIX (/usr/local).
	Scripts/install .build/release/tare "$(DESTDIR)$(PREFIX)"

uninstall: ## Takes away what make install brought.
	Scripts/install --remove "$(DESTDIR)$(PREFIX)"

test-install: build ## What make install brings: pages and completions by their readers, and nothing left by uninstall.
	@Scripts/setup install
	Scripts/test-install .build/release/tare

deb: build ## The Debian package, in .build/deb: with a service of its own user.
	@Scripts/setup deb
	Scripts/make-deb .build/release/tare .build/deb

test-deb: deb ## The package in a fresh Debian 12: installed, served, removed; and the image's second stage. Needs root.
	@Scripts/setup root
	lintian --fail-on error,warning --allow-root .build/deb/*.deb
	Scripts/test-deb .build/deb/*.deb .build/release/tare .tools/debian

##@ Test one thing

# Of Regression, a fifth of the whole is compiled; TARGET=Tare needs all of it.
test-target: ## The tests of one target alone, such as TARGET=Regression, or some of them: FILTER=FormulaTests.
	@[ -d "Tests/$(TARGET)Tests" ] || { echo "usage: make test-target TARGET=NAME; the names are in Package.swift"; exit 2; }
	@Scripts/setup build
	TARE_TARGET=$(TARGET) swift test $(if $(FILTER),--filter $(FILTER))

test-contract: ## The running server against openapi.yaml, by schemathesis.
	@Scripts/setup build docs contract
	swift build
	Scripts/test-contract .build/debug/tare

test-clients: ## The running server by the clients that two generators make of openapi.yaml.
	@Scripts/setup build docs generators
	swift build --product tare
	Scripts/test-clients .build/debug/tare

# Not in make test: Java is a download of 50 MB. CI runs it.
test-export: ## What tare export writes as PMML, by an evaluator of others.
	@Scripts/setup build docs export
	TARE_TEST_PMML=1 swift test --quiet --filter ExportFormsTests

test-docs: build ## The commands of the documents that print a table: each prints what its document says; some two minutes.
	Scripts/test-docs .build/release/tare

test-tls: ## The tests of the HTTP server once more, each over TLS.
	@Scripts/setup build tests
	TARE_TEST_TLS=1 swift test --quiet --filter '^HTTPServerTests\.'

compare-http: build ## The same bytes to Tare, to nginx, and through nginx: no request that one counts as two.
	@Scripts/setup proxy
	Scripts/compare-http .build/release/tare

test-idle: ## A connection that is idle for five minutes, as a sink's is.
	@Scripts/setup build docs
	TARE_TEST_IDLE_SECONDS=300 swift test --quiet --filter ConnectorReplayTests

test-false-alarms: ## The tables of docs/detection.md: alarms where nothing changes, delays, and River's; half an hour.
	@Scripts/setup build docs
	swift build -c release --product DetectionStudy
	.build/release/DetectionStudy alarms
	.build/release/DetectionStudy delays
	Scripts/compare-detectors

test-verdicts: ## How often the gate errs where scales slip: the table of docs/gate.md.
	@Scripts/setup build docs
	TARE_FULL_SIZE=1 swift test --filter VerdictRateTests

test-growth: build ## The server's instructions for a row, of bodies of 1,000 rows and of 100,000; some minutes.
	@Scripts/setup growth
	Scripts/test-growth .build/release/tare

##@ Try to break it

SECONDS ?= 60
fuzz: ## libFuzzer with AddressSanitizer on every reader of bytes from outside, each for SECONDS; see docs/testing.md.
	@Scripts/setup build
	Scripts/fuzz $(SECONDS)

MEGABYTES ?= 512
attack: build ## Every attack on memory, beside a client that behaves well: peaks, answers and delays; some 4 minutes.
	@Scripts/setup docs
	Scripts/attack/run .build/release/tare $(MEGABYTES)

MINUTES ?= 10
soak: build ## Server and companion under load for MINUTES, with faults switched on and off; what is lost, doubled or leaks.
	@Scripts/setup mongod
	Scripts/soak/run .build/release/tare .tools/mongod $(MINUTES)

test-kill: ## A run on Kafka that is killed 50 times, and every captured scenario; some 20 minutes.
	@Scripts/setup build
	TARE_TEST_KILLS=50 TARE_TEST_LONG=1 swift test --filter 'KafkaKillTests|KafkaCaptureTests'

KILLS ?= 1000
test-kill-serve: ## A server under load that is killed KILLS times, on SQLite and on MongoDB; some 10 minutes for 1,000 each.
	@Scripts/setup build mongod
	TARE_TEST_KILLS=$(KILLS) swift test --filter KilledUnderLoadTests

# Not the simulations, which are arithmetic on one thread for many minutes, nor what kills often or waits for Kafka: a program
# that is watched is some ten times slower, and does not keep those times. CI runs what is in .ci/run.
SANITIZED = --skip 'VerdictRateTests|ProbationTests|ContestTests|ClosedLoopTests|GateTests|KilledUnderLoadTests|Kafka|Demo'
test-thread: ## Swift's tests under ThreadSanitizer; some half an hour.
	@Scripts/setup build docs mongod tests clients prometheus browser
	Scripts/test-sanitized thread $(SANITIZED)

test-address: ## Swift's tests under AddressSanitizer; some half an hour.
	@Scripts/setup build docs mongod tests clients prometheus browser
	Scripts/test-sanitized address $(SANITIZED)

##@ Measure it

bench: build ## Ratios against libmicrohttpd, nginx, a synced write and json.loads, and the events a second on Kafka.
	@Scripts/setup bench mongod
	swift build --product KafkaBroker
	Scripts/bench

bench-peers: build ## The work of tare fit by pandas and scikit-learn and by R, which are fetched for it.
	@Scripts/setup peers
	Scripts/bench fit peers

##@ Write anew what is made

openapi: ## Writes openapi.yaml anew: the contract of the worked example.
	@Scripts/setup build
	swift build --product tare
	.build/debug/tare contract >openapi.yaml

models: build ## Fits Models/salmon.json and Models/flights.json anew.
	@Scripts/setup flights
	Scripts/make-models

screenshot: ## docs/page.png: the page at the end of the factory's story, as a test plays it in Chromium.
	@Scripts/setup build docs browser
	TARE_SCREENSHOT=$(CURDIR)/docs/page.png swift test --quiet --filter PageStoryTests.story

##@ Clean up

clean: ## Removes what was built and fetched.
	rm -rf .build .build-thread .build-address .build-fuzz .fuzz .tools var
