package struct WebHook: ChannelKind {
    package init() {}
    package let id = "webhook"
    package let name = "WebHook"
    package let summary = ""
    package let fields: [Field] = []
    package func request(for notice: Notice, settings: ChannelSettings) -> OutgoingRequest {
        OutgoingRequest(url: "", headers: [], body: [])
    }
    package func verdict(on answer: Answer) -> Verdict { .delivered }
}
