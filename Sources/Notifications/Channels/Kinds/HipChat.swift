package struct HipChat: ChannelKind {
    package init() {}
    package let id = "hipchat"
    package let name = "HipChat"
    package let summary = ""
    package let fields: [Field] = []
    package func request(for notice: Notice, settings: ChannelSettings) -> OutgoingRequest {
        OutgoingRequest(url: "", headers: [], body: [])
    }
    package func verdict(on answer: Answer) -> Verdict { .delivered }
}
