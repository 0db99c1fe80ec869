extension Matrix {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let html = (try? JSONValue.parse(message.body))?["formatted_body"]?.string else { return nil }
        let lines = html.replacingBytes(of: "<br>", with: "\n").pieces(between: "\n").map { String($0) }
        return MessagePreview(service: name, from: "Runbell", html: lines)
    }
}
