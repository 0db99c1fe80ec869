import HTTPTypes
import Testing

@testable import WebServing

@Suite struct MediaTypeTests {
    @Test(
        arguments: [
            "application/json", "Application/JSON", "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"", "application/json \t; charset=utf-8\t ",
        ])
    func takesJSONInUTF8(_ text: String) throws {
        try MediaType.check([.contentType: text])
    }

    @Test(
        arguments: [
            "", "text/json", "application/json; charset=utf-16", "application/json;", "application/jsonp",
            "application/json; charset=utf-8; boundary=x", "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded", "application/problem+json",
        ])
    func refusesAllElse(_ text: String) {
        let problem = #expect(throws: Problem.self) { try MediaType.check([.contentType: text]) }
        #expect(problem?.status == .unsupportedMediaType)
    }

    @Test func refusesNoneAndTwo() {
        #expect(throws: Problem.self) { try MediaType.check([:]) }
        var two = HTTPFields()
        two.append(HTTPField(name: .contentType, value: "application/json"))
        two.append(HTTPField(name: .contentType, value: "application/json"))
        let problem = #expect(throws: Problem.self) { try MediaType.check(two) }
        #expect(problem?.status == .badRequest)
    }
}
