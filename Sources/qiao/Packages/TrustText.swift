import SignedPackages

/// What is trusted, for people: a table for each kind of thing.
struct TrustText {
    let parts: [String]

    init(_ listing: TrustListing) {
        var parts: [String] = []
        if !listing.roots.isEmpty { parts.append(Self.certificates("ROOT", listing.roots)) }
        if !listing.intermediates.isEmpty { parts.append(Self.certificates("INTERMEDIATE", listing.intermediates)) }
        if !listing.lists.isEmpty { parts.append(Self.lists(listing.lists)) }
        self.parts = parts
    }

    private static func certificates(_ title: String, _ items: [TrustListing.Item]) -> String {
        var table = Table([title, "KEY", "UNTIL", "DAYS LEFT", "SHA-256"])
        for item in items {
            table.add([item.subject, item.key, item.notAfter, "\(item.daysLeft)", item.fingerprint])
        }
        return table.text
    }

    private static func lists(_ lists: [TrustListing.List]) -> String {
        var table = Table(["REVOCATION LIST OF", "MADE", "AGE", "NEXT", "REVOKED", "SIGNATURE"])
        for list in lists {
            table.add([
                list.issuer, list.thisUpdate, Self.age(list.age), list.nextUpdate.isEmpty ? "-" : list.nextUpdate,
                "\(list.revoked)", list.isVerified ? "good" : "issuer not here",
            ])
        }
        return table.text
    }

    private static func age(_ seconds: Int64) -> String {
        seconds < 2 * 86_400 ? "\(seconds / 3600) h" : "\(seconds / 86_400) days"
    }
}

/// What somebody should look after, and whether it is wrong already.
struct TrustWarnings {
    /// Below so many days a certificate is about to expire.
    static let soon: Int64 = 60

    private(set) var texts: [String] = []
    private(set) var isGrave = false

    init(_ listing: TrustListing) {
        if listing.roots.isEmpty {
            add("no root is trusted, so no package can pass; name one with --trust", grave: true)
        }
        for item in listing.roots + listing.intermediates { look(at: item) }
        for list in listing.lists { look(at: list) }
        for text in listing.unreadable { add("unreadable: \(text)", grave: true) }
    }

    private mutating func look(at item: TrustListing.Item) {
        if item.daysLeft < 0 {
            add(
                "\(item.subject) expired at \(item.notAfter); get its successor and trust both for a while", grave: true
            )
        } else if !item.problem.isEmpty {
            add("\(item.subject): \(item.problem)", grave: false)
        } else if item.daysLeft < Self.soon {
            add(
                "\(item.subject) expires in \(Plural.of(Int(item.daysLeft), "day")); get its successor and trust both"
                    + " for a while", grave: false)
        }
    }

    private mutating func look(at list: TrustListing.List) {
        if list.isStale {
            let due = list.nextUpdate.isEmpty ? "it names no next one" : "the next was due at \(list.nextUpdate)"
            add("the revocation list of \(list.issuer) is stale: \(due); fetch the current one", grave: true)
        }
        if !list.isVerified {
            add(
                "the signature of the revocation list of \(list.issuer) cannot be checked here; a package must bring the"
                    + " certificate of that issuer, or --trust name it", grave: false)
        }
    }

    private mutating func add(_ text: String, grave: Bool) {
        texts.append(text)
        isGrave = isGrave || grave
    }
}
