import Testing

/// All tests of outbound HTTP, one after the other: many measure time, and some put a heavy load on the machine.
@Suite("Way out", .serialized)
enum OutboundTests {}
