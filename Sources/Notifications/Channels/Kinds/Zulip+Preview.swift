import Foundation

extension Zulip {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        let fields = String(decoding: message.body, as: UTF8.self).pieces(between: "&").map { String($0) }
        let field = { (name: String) in
            fields.first { $0.startsWithBytes(of: name + "=") }.flatMap {
                String(decoding: $0.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self).removingPercentEncoding
            }
        }
        guard let lines = field("content")?.pieces(between: "\n").map({ String($0) }) else { return nil }
        let link = lines.last?.wholeMatch(of: /\[(.*)\]\((.*)\)/)
        let facts = lines.dropFirst(2).dropLast(link == nil ? 0 : 1).map { line in
            let fact = MessagePreview.fact(String(decoding: line.utf8.dropFirst(2), as: UTF8.self))
            return MessagePreview.Fact(
                label: fact.label, value: MessagePreview.withoutCode(fact.value), lozenge: nil)
        }
        return MessagePreview(
            service: name, from: "Bot", text: field("topic").map { "\(field("to") ?? "") > \($0)" }, color: "#8c9ba8",
            title: (lines.first ?? "").replacingBytes(of: "**", with: ""),
            body: MessagePreview.withoutCode(lines.dropFirst().first ?? ""), facts: facts,
            link: link.map { String($0.output.2) }, linkLabel: link.map { String($0.output.1) }, footer: nil)
    }
}
