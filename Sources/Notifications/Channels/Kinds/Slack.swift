package struct Slack: ChannelKind {
    package init() {}
    package let id = "slack"
    package let name = "Slack"
    package let summary = ""
    package let fields: [Field] = []
    package func request(for notice: Notice, settings: ChannelSettings) -> OutgoingRequest {
        OutgoingRequest(url: "", headers: [], body: [])
    }
    package func verdict(on answer: Answer) -> Verdict { .delivered }
}
