import Notifications

extension ChannelDraftOptions {
    /// The same options with the kind that the service recognizes from the URL, if no kind is given.
    func recognized(by api: APIClient) async throws(CommandFailure) -> ChannelDraftOptions {
        guard kind == nil, file == nil, let url else { return self }
        let answer = try await api.send(.post, "/v1/channel-kinds/recognize", body: ["url": .string(url)]).json
        guard let found = answer["kind"]?.string, let settings = answer["settings"]?.object else {
            throw CommandFailure(
                .usage,
                "no kind of channel has addresses like this; --kind says which one is meant "
                    + "(runbell channels kinds lists them)")
        }
        var options = self
        options.kind = found
        options.name = name ?? answer["name"]?.string
        options.url = nil
        // What is given with --set goes before what the address says.
        options.fields = settings.members.map { "\($0.key)=\(Self.text($0.value))" } + fields
        return options
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? value.bool.map { "\($0)" } ?? "" }
}
