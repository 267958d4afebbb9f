import Synchronization

/// Runs named members beside each other, and changes who is among them without stopping the others.
///
/// A member that is replaced is stopped first, and its successor begins when it has ended; everyone else goes on
/// undisturbed, and nobody waits for a member that is slow to stop.
final class Crew: Sendable {
    /// One member: what it is, and what it does until its task is cancelled.
    struct Member: Sendable {
        /// Unique in the crew.
        var name: String
        /// Two members of one name and equal essence are the same: it is left running.
        var essence: AnyHashableSendable
        /// Runs until cancelled, and cleans up before it returns.
        var run: @Sendable () async -> Void
    }

    private struct Running {
        // Nil once it has been removed; it may still be ending, and a member of its name waits for that.
        var essence: AnyHashableSendable?
        var stop: AsyncStream<Void>.Continuation
        var ended: AsyncStream<Void>
    }

    private let (changes, changer) = AsyncStream.makeStream(of: [Member].self, bufferingPolicy: .bufferingNewest(1))

    /// Says who is to be in the crew from now on.
    func set(_ members: [Member]) {
        changer.yield(members)
    }

    /// Runs the crew until the task is cancelled; then returns when the last member has ended.
    func run() async {
        await withDiscardingTaskGroup { group in
            var running: [String: Running] = [:]
            for await members in changes {
                apply(members, to: &running, in: &group)
            }
            for member in running.values { member.stop.finish() }
        }
    }

    private func apply(
        _ members: [Member], to running: inout [String: Running], in group: inout DiscardingTaskGroup
    ) {
        let names = Set(members.map(\.name))
        for (name, member) in running where !names.contains(name) {
            member.stop.finish()
            running[name]?.essence = nil
        }
        for member in members where running[member.name]?.essence != member.essence {
            let before = running[member.name]
            before?.stop.finish()
            let (stop, stopper) = AsyncStream.makeStream(of: Void.self)
            let (ended, ender) = AsyncStream.makeStream(of: Void.self)
            running[member.name] = Running(essence: member.essence, stop: stopper, ended: ended)
            group.addTask {
                if let before { for await _ in before.ended {} }
                await Self.run(member, until: stop)
                ender.finish()
            }
        }
    }

    private static func run(_ member: Member, until stop: AsyncStream<Void>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await member.run() }
            group.addTask { for await _ in stop {} }
            await group.next()
            group.cancelAll()
        }
    }
}

/// A hashable value of any type that may cross tasks.
struct AnyHashableSendable: Sendable, Equatable {
    private let value: any Hashable & Sendable

    init(_ value: some Hashable & Sendable) {
        self.value = value
    }

    static func == (left: AnyHashableSendable, right: AnyHashableSendable) -> Bool {
        AnyHashable(left.value) == AnyHashable(right.value)
    }
}
