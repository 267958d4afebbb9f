import Foundation
import Glibc
import Testing

@testable import Gateway

@Suite struct ServiceNotifierTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let states: [(ServiceNotifier.State, String)] = [
        (.ready, "READY=1"), (.stopping, "STOPPING=1"), (.watchdog, "WATCHDOG=1"),
        (.status("paused: 3 MiB free"), "STATUS=paused: 3 MiB free"),
        (.status("two\nlines"), "STATUS=two lines"), (.status("two\r\nREADY=1"), "STATUS=two  READY=1"),
        (.status(""), "STATUS="),
    ]

    @Test(arguments: states) func statesArriveAtASocketOfTheFileSystem(
        _ state: ServiceNotifier.State, _ message: String
    ) throws {
        let receiver = try DatagramReceiver(folder.path + "/n")
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": folder.path + "/n"])
        notifier.notify(state)
        #expect(receiver.next() == message)
        #expect(receiver.next() == nil)
    }

    @Test func statesArriveAtAnAbstractSocket() throws {
        let name = "@qiao-test-\(UUID().uuidString)"
        let receiver = try DatagramReceiver(name)
        ServiceNotifier(environment: ["NOTIFY_SOCKET": name]).notify(.ready)
        #expect(receiver.next() == "READY=1")
    }

    @Test func reloadingCarriesTheMonotonicTime() throws {
        let receiver = try DatagramReceiver(folder.path + "/n")
        let before = Int(ProcessInfo.processInfo.systemUptime * 1_000_000)
        ServiceNotifier(environment: ["NOTIFY_SOCKET": folder.path + "/n"]).notify(.reloading)
        let lines = try #require(receiver.next()).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0] == "RELOADING=1")
        #expect(lines[1].hasPrefix("MONOTONIC_USEC="))
        let told = try #require(Int(lines[1].dropFirst("MONOTONIC_USEC=".count)))
        #expect(told >= before)
    }

    @Test(arguments: [
        ("no service", [:]), ("not a path", ["NOTIFY_SOCKET": "vsock:2:1234"]), ("empty", ["NOTIFY_SOCKET": ""]),
        ("nobody there", ["NOTIFY_SOCKET": "/no/such/socket"]),
        ("too long", ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 200)]),
    ])
    func withoutAListenerNothingHappens(_ name: String, _ environment: [String: String]) {
        ServiceNotifier(environment: environment).notify(.ready)
    }

    @Test(
        arguments: [
            ("not watched", [:], nil), ("watched", ["WATCHDOG_USEC": "30000000"], .seconds(30)),
            ("meant for us", ["WATCHDOG_USEC": "500000", "WATCHDOG_PID": "42"], .milliseconds(500)),
            ("meant for another process", ["WATCHDOG_USEC": "500000", "WATCHDOG_PID": "43"], nil),
            ("no number", ["WATCHDOG_USEC": "soon"], nil),
            ("process that is no number", ["WATCHDOG_USEC": "500000", "WATCHDOG_PID": "x"], nil),
        ] as [(String, [String: String], Duration?)])
    func watchdogIntervalIsThatOfTheServiceManager(
        _ name: String, _ environment: [String: String], _ interval: Duration?
    ) {
        #expect(ServiceNotifier(environment: environment, process: 42).watchdogInterval == interval)
    }
}
