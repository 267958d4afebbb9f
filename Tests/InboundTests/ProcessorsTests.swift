import Testing

@testable import Inbound

@Suite struct ProcessorsTests {
    @Test(arguments: [
        ("Name:\tqiao\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
        ("Cpus_allowed:\t2\n", 1),
        ("Cpus_allowed:\tff,ffffffff\n", 40),
        ("Cpus_allowed:\t00000000,0000000f", 4),
        ("Name:\tqiao\n", 1),
        ("", 1),
    ])
    func allowedProcessorsAreCounted(status: String, count: Int) {
        #expect(Processors.allowed(Array(status.utf8)) == count)
    }

    @Test func thisProcessMayRunSomewhere() {
        #expect(Processors.count >= 1)
    }
}
