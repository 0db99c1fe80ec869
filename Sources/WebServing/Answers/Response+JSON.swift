import HTTPTypes
import Hummingbird
import Notifications

extension Response {
    /// A value as `application/json`.
    package static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:])
        -> Response
    {
        json(written: ByteBuffer(bytes: value.shownBytes), status: status, headers: headers)
    }

    /// The same for JSON that was written before, since it is always the same.
    package static func json(written: ByteBuffer, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:])
        -> Response
    {
        var fields = headers
        fields[.contentType] = "application/json"
        return Response(status: status, headers: fields, body: .init(byteBuffer: written))
    }

    /// The answer to a `PUT`, which itself names the place of what is new.
    package static func saved(_ value: JSONValue, at request: Request, isNew: Bool) -> Response {
        isNew ? .json(value, status: .created, headers: [.location: request.uri.path]) : .json(value)
    }

    package static var noContent: Response { Response(status: .noContent) }
}
