import ServiceLifecycle

/// How a service that works in rounds rests between them: a shutdown ends the rest.
package enum ServicePause {
    /// Whether the service is to end.
    package static var isEnding: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    /// Returns early when the service is to end.
    package static func rest(_ time: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: time) }
    }
}
