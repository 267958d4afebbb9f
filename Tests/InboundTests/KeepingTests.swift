import Foundation
import Glibc
import Testing

@testable import Inbound

@Suite struct KeepingTests {
    static let place = "/test/2026-11-21/ba7816bf8f01-x.csv"

    @Test func archiveHasADeterministicPlace() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let hash = try claim.inspect().hash
        let kept = try claim.archive(into: scene.archive, hash: hash)
        #expect(kept.description == scene.archive.path + Self.place)
        #expect(kept == scene.archive.place(source: "test", id: claim.id, hash: hash, name: claim.name))
        #expect(try scene.contents(kept.description) == "abc")
        #expect(scene.claimed == [])
        #expect(scene.entries(scene.inbound) == [".qiao"])
    }

    @Test func sameContentAgainIsDone() throws {
        let scene = try Scene()
        for _ in 0..<2 {
            let claim = try scene.claim("x.csv", "abc")
            try claim.archive(into: scene.archive, hash: try claim.inspect().hash)
        }
        #expect(scene.entries(scene.archive.path + "/test/2026-11-21") == ["ba7816bf8f01-x.csv"])
        #expect(scene.claimed == [])
    }

    @Test func differentContentIsNeverOverwritten() throws {
        let scene = try Scene()
        let folder = scene.archive.path + "/test/2026-11-21"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // As if the disk had damaged what was archived before.
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: folder + "/ba7816bf8f01-x.csv"))
        try Data("abd".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(InspectionTests.abc)-x.csv"))
        let claim = try scene.claim("x.csv", "abc")
        let kept = try claim.archive(into: scene.archive, hash: try claim.inspect().hash)
        #expect(try scene.contents(kept.description) == "abc")
        #expect(try scene.contents(folder + "/ba7816bf8f01-x.csv") == "damaged")
        #expect(scene.entries(folder).count == 3)
    }

    @Test func callingItAgainDoesNoHarm() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let hash = try claim.inspect().hash
        let first = try claim.archive(into: scene.archive, hash: hash)
        #expect(try claim.archive(into: scene.archive, hash: hash) == first)
        #expect(scene.entries(scene.archive.path + "/test/2026-11-21") == ["ba7816bf8f01-x.csv"])
    }

    @Test func quarantineSaysWhy() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let kept = try claim.quarantine(into: scene.quarantine, hash: try claim.inspect().hash, reason: "xml.doctype")
        #expect(kept.description == scene.quarantine.path + Self.place)
        let reason = try scene.contents(kept.description + ".reason.txt")
        #expect(reason == "xml.doctype\nsource: test\nclaim: \(claim.id)\nname: x.csv\n")
    }

    @Test func quarantineWithoutAHashIsNamedByTheClaim() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let kept = try claim.quarantine(into: scene.quarantine, hash: nil, reason: "read failed")
        #expect(kept.description.hasSuffix("/2026-11-21/\(claim.id)-x.csv"))
    }

    @Test(arguments: [250, 255])
    func longNamesFitWithTheirExtension(length: Int) throws {
        let scene = try Scene()
        let name = String(repeating: "n", count: length - 4) + ".xml"
        try scene.deliver(name + "")
        let claim = try scene.claimed(try WorkFolder(scene.folder()), name)
        let kept = try claim.quarantine(into: scene.quarantine, hash: try claim.inspect().hash, reason: "x")
        #expect(scene.exists(kept.description))
        #expect(kept.description.hasSuffix("n.xml"))
        #expect(scene.exists(kept.description + ".reason.txt"))
        #expect(kept.name.displayed == name)
    }

    @Test func sidecarsGoWithTheirFile() throws {
        let scene = try Scene()
        try scene.deliver("x.csv.sha256", InspectionTests.abc)
        try scene.deliver("x.csv.done", "")
        let claim = try scene.claim("x.csv", "abc", completion: .marker())
        try claim.archive(into: scene.archive, hash: try claim.inspect().hash)
        #expect(
            scene.entries(scene.archive.path + "/test/2026-11-21")
                == ["ba7816bf8f01-x.csv", "ba7816bf8f01-x.csv.sha256"])
        #expect(scene.claimed == [])
        #expect(scene.entries(scene.inbound) == [".qiao"])
    }

    @Test func otherFileSystemGetsADurableCopy() throws {
        let scene = try Scene()
        guard let other = OtherFileSystem(than: scene.root) else { return }
        let text = String(repeating: "abc", count: 1 << 20)
        let work = try WorkFolder(scene.folder())
        try scene.deliver("x.csv", text)
        let claim = try scene.claimed(work, "x.csv")
        let hash = try claim.inspect().hash
        let kept = try claim.archive(into: KeepFolder(path: other.path), hash: hash)
        #expect(try scene.contents(kept.description).utf8.count == 3 << 20)
        #expect(scene.entries("\(other.path)/test/2026-11-21").count == 1)
        #expect(scene.claimed == [])
        try scene.deliver("x.csv", text)
        let again = try scene.claimed(work, "x.csv")
        #expect(try again.archive(into: KeepFolder(path: other.path), hash: hash) == kept)
        #expect(scene.claimed == [])
    }

    @Test func leftoverOfAnInterruptedCopyIsReplaced() throws {
        let scene = try Scene()
        guard let other = OtherFileSystem(than: scene.root) else { return }
        let claim = try scene.claim("x.csv", "abc")
        let folder = "\(other.path)/test/2026-11-21"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("ab".utf8).write(to: URL(fileURLWithPath: "\(folder)/.qiao-\(claim.id).part"))
        try claim.archive(into: KeepFolder(path: other.path), hash: try claim.inspect().hash)
        #expect(scene.entries(folder) == ["ba7816bf8f01-x.csv"])
    }

    @Test func archiveThatCannotBeWrittenLeavesTheFileClaimed() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        try Data().write(to: URL(fileURLWithPath: scene.archive.path))
        let hash = try claim.inspect().hash
        let error = #expect(throws: InboundError.self) { try claim.archive(into: scene.archive, hash: hash) }
        #expect(error?.errno == ENOTDIR)
        #expect(scene.exists(claim.workPath))
    }

    @Test func pathOfAKeptFilingCanBeStored() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let kept = try claim.archive(into: scene.archive, hash: try claim.inspect().hash)
        #expect(KeptFiling(pathBytes: kept.pathBytes, name: kept.name, source: "test") == kept)
        #expect(KeptFiling(pathBytes: Array("relative/x".utf8), name: kept.name, source: "test") == nil)
    }

    @Test func keptFilingIsReclaimed() throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder(.marker()))
        try scene.deliver("x.csv", "abc")
        let claim = try scene.claimed(work, "x.csv")
        let kept = try claim.quarantine(into: scene.quarantine, hash: try claim.inspect().hash, reason: "no mapping")
        let again = try work.reclaim(kept, microseconds: Scene.time)
        #expect(again.name.displayed == "x.csv")
        #expect(try again.inspect().hash.short == "ba7816bf8f01")
        #expect(!scene.exists(kept.description))
    }

    @Test func reclaimingWhatIsGoneIsAnError() throws {
        let scene = try Scene()
        let work = try WorkFolder(scene.folder())
        let name = try #require(FileName("x"))
        let kept = try #require(KeptFiling(pathBytes: Array("/nonexistent/x".utf8), name: name, source: "test"))
        let error = #expect(throws: InboundError.self) { try work.reclaim(kept, microseconds: 1) }
        #expect(error?.code == .vanished)
        #expect(scene.claimed == [])
    }

    @Test func putBackNeverOverwrites() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "old")
        try scene.deliver("x.csv", "new")
        let error = #expect(throws: InboundError.self) { try claim.putBack() }
        #expect(error?.code == .nameTaken)
        #expect(try scene.contents(scene.inbound + "/x.csv") == "new")
        #expect(try scene.contents(claim.workPath) == "old")
        unlink(scene.inbound + "/x.csv")
        try claim.putBack()
        #expect(try scene.contents(scene.inbound + "/x.csv") == "old")
        #expect(scene.claimed == [])
    }

    @Test func putBackReturnsMarkersToo() throws {
        let scene = try Scene()
        try scene.deliver("x.csv.done", "")
        let claim = try scene.claim("x.csv", "abc", completion: .marker())
        try claim.putBack()
        #expect(scene.entries(scene.inbound) == [".qiao", "x.csv", "x.csv.done"])
    }
}
