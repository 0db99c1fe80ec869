import Notifications
import Testing

/// What answers mean that say nothing but their status, for every kind that goes by HTTP: the common rules, and the services
/// that are documented to mean something else. What they say beside it is in the tables of each kind.
@Suite struct VerdictContract {
    static let kinds = ChannelKindContract.kinds

    /// A deploy may be in progress where a web hook is.
    private static let patient: Set = ["webhook"]

    @Test(arguments: kinds, [400, 405, 411, 413, 414, 415, 422])
    func aWrongMessageIsDroppedAndDisablesNothing(_ id: String, _ status: Int) throws {
        let (verdict, failure) = try Self.reading(id, status)
        // HipChat answers 405 where no room's notifications are.
        if id == "hipchat", status == 405 {
            #expect(verdict.word == "gone")
        } else if Self.patient.contains(id) {
            #expect(verdict.word == "retry")
        } else {
            #expect(verdict.word == "refused" && failure == .unfit)
        }
    }

    @Test(arguments: kinds, [401, 403, 404])
    func aRejectionDisablesAtOnceOrAfterFive(_ id: String, _ status: Int) throws {
        let (verdict, failure) = try Self.reading(id, status)
        if Self.patient.contains(id) {
            #expect(verdict.word == "retry" && failure == .absent)
        } else if id == "googlechat", status == 401 {
            // It was seen to answer so now and then, at web hooks that work.
            #expect(verdict.word == "retry")
        } else {
            #expect(verdict.word == "gone" || verdict.word == "refused" && failure == .rejected)
        }
    }

    /// Mattermost answers 501 when its web hooks are switched off.
    @Test(arguments: kinds)
    func whatTheServiceCannotDo(_ id: String) throws {
        #expect(try Self.reading(id, 501).verdict.word == (id == "mattermost" ? "gone" : "retry"))
    }

    /// Whether a message has arrived is not told by the status alone where the service says more.
    @Test(
        arguments: kinds,
        ["<html>Sign in to the network</html>", "", #"{"error":{},"ok":false,"success":false,"result":"error"}"#])
    func aSuccessOfSomebodyElseIsNone(_ id: String, _ body: String) throws {
        let kind = try #require(ChannelKindContract.catalogue.kind(id))
        // Discord answers with a message of many members, which may come back cut.
        let isTaken = ["webhook", "teams"].contains(id) || id == "discord" && body.hasPrefix("{")
        #expect((kind.verdict(on: Samples.answer(200, body)).word == "delivered") == isTaken)
    }

    private static func reading(_ id: String, _ status: Int) throws -> (
        verdict: Verdict, failure: ChannelHealth.Failure?
    ) {
        let kind = try #require(ChannelKindContract.catalogue.kind(id))
        let notice = Samples.notice(.testStarted(Samples.run(.running, context: Samples.context)))
        let message = try Samples.request(id, notice)
        let reading = kind.reading(
            of: Exchange(result: .answered(Samples.answer(status))), on: message, for: notice,
            settings: Samples.settings(id))
        return (reading.verdict, reading.failure)
    }
}
