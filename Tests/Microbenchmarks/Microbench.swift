import Foundation
import Notifications
import Repository
import TestSupport

/// Prints what single steps cost: `make microbench`. Compare only figures of one run on one quiet machine.
@main
struct Microbench {
    static func main() async throws {
        print("microseconds".padding(toLength: 44, withPad: " ", startingAt: 0) + "    median   fastest")
        for measurement in try await json() + (await requests()) { print(measurement.line) }
        for channels in [1, 10, 1000] {
            for measurement in try await Fanout(channels: channels).measure() { print(measurement.line) }
        }
    }

    private static func json() async throws -> [Measurement] {
        let text = Array(EventContent.testFinished(.sample()).json.compactText.utf8)
        let value = try JSONValue.parse(text)
        let content = try EventContent(reading: value)
        return [
            try await Measurement("JSON of an event: parse", times: 5000) { _ in _ = try JSONValue.parse(text) },
            try await Measurement("JSON of an event: validate", times: 5000) { _ in _ = try EventContent(reading: value)
            },
            await Measurement("JSON of an event: write", times: 5000) { _ in _ = content.json.compactBytes },
        ]
    }

    /// From an event to the request of each kind.
    private static func requests() async -> [Measurement] {
        let sender = MailAddress("runbell@example.com").map {
            MailSender(address: $0, publicURL: "https://runbell.example.com")
        }
        let catalogue = ChannelCatalogue.standard(mail: sender)
        var measurements: [Measurement] = []
        for id in catalogue.ids {
            guard let kind = catalogue.kind(id), let entry = TwentyChannels.all.first(where: { $0.kind == id }) else {
                continue
            }
            let settings = ChannelSettings(entry.settings.object ?? JSONObject())
            let notice = Notice(
                content: .testFinished(.sample(status: .finished)), deliveryID: DeliveryID(at: TestClock.wall()),
                attempt: 1, at: TestClock.wall())
            measurements.append(
                await Measurement("request of \(id)", times: 2000) { _ in
                    _ = kind.message(for: notice, settings: settings) as any OutboundMessage
                })
        }
        return measurements
    }
}
