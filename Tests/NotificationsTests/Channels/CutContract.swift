import Notifications
import Testing

/// What kinds leave out of texts by users, for every kind: whole characters only.
@Suite struct CutContract {
    /// Each consists of several code points, none of which means the same alone.
    private static let characters = ["👩‍👩‍👧", "e\u{301}", "🇩🇪", "👍🏽"]
    private static let parts = Set(characters.flatMap(\.unicodeScalars)).subtracting(["e"])

    /// The letters before them move every limit to every place inside a character.
    @Test(arguments: ChannelKindContract.catalogue.ids, 0..<12)
    func cutsAfterAWholeCharacter(_ id: String, _ letters: Int) throws {
        for leaf in try Self.texts(id, Self.run(letters)) {
            let rest = leaf.filter { !Self.characters.contains(String($0)) }
            #expect(rest.unicodeScalars.allSatisfy { !Self.parts.contains($0) }, "\(id): \(rest.prefix(200))")
        }
    }

    /// The texts are there, so that there is something to be cut. GitHub takes only the second one as it is.
    @Test(arguments: ChannelKindContract.catalogue.ids)
    func showsTheName(_ id: String) throws {
        #expect(try Self.texts(id, Self.run(0)).contains { $0.contains(id == "github" ? "\u{FFFD}e\u{301}" : "👩‍👩‍👧") })
    }

    private static func run(_ letters: Int) -> LoadTestRun {
        let text = String(repeating: "x", count: letters) + String(repeating: characters.joined(), count: 800)
        var context = Samples.context(
            text: fitting(text, 255), tags: [fitting(text, 50)], runURL: "https://ci.example.org/")
        context.environment = fitting(text, 100)
        return LoadTestRun(
            status: .failedThreshold, statusText: fitting(text, 200), userID: UserID(7), name: text,
            organizationID: OrganizationID(42), loadTestID: LoadTestID(1001), id: LoadTestRunID(4711),
            projectID: ProjectID(9), context: context)
    }

    /// As much of a text as an event may have in a field.
    private static func fitting(_ text: String, _ bytes: Int) -> String {
        var fitting = ""
        for character in text where fitting.utf8.count + character.utf8.count <= bytes { fitting.append(character) }
        return fitting
    }

    private static func texts(_ id: String, _ run: LoadTestRun) throws -> [String] {
        let notice = Samples.notice(.testFinished(run))
        guard id == "email" else { return try BodyReading.value(of: Samples.request(id, notice)).leaves }
        let settings = EmailTests.settings("ops@example.org", confirmed: ["ops@example.org"])
        let message = try EmailTests.email().message(for: notice, settings: settings)
        let letter = try #require(message.letters.first)
        return [letter.text, letter.html] + message.redacted.headers.map(\.value)
    }
}
