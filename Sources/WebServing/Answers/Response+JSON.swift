import HTTPTypes
import Hummingbird
import Notifications

extension Response {
    /// A value as `application/json`.
    package static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:])
        -> Response
    {
        var fields = headers
        fields[.contentType] = "application/json"
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: value.shownBytes)))
    }

    package static var noContent: Response { Response(status: .noContent) }
}
