import Foundation
import Testing

@testable import Gateway

@Suite struct ClockTrustTests {
    private let start = Scene.now

    @Test func clockThatGoesOnIsBelieved() {
        var trust = ClockTrust(since: nil)
        for minute in 0..<200 {
            #expect(trust.look(at: start + Double(minute) * 60) == .believed)
        }
        #expect(trust.look(at: start) == .believed, "one that is set back makes nothing old")
    }

    @Test func clockThatLeapsIsDoubtedForAnHour() {
        var trust = ClockTrust(since: start)
        let later = start + 3601
        #expect(trust.look(at: later) == .leapt(from: start))
        for minute in 1..<60 { #expect(trust.look(at: later + Double(minute) * 60) == .doubted) }
        #expect(trust.look(at: later + 3600) == .believed)
    }

    @Test func clockThatIsSetRightAgainIsDoubtedAsWell() {
        var trust = ClockTrust(since: start)
        #expect(trust.look(at: start - 86_400) == .believed)
        #expect(trust.look(at: start + 60) == .leapt(from: start - 86_400))
        #expect(trust.look(at: start + 120) == .doubted)
        #expect(trust.look(at: start + 1_000_000) == .leapt(from: start + 120))
    }
}
