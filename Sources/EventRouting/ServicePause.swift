import ServiceLifecycle

/// Lets a service that works in rounds sleep between them until a shutdown.
package enum ServicePause {
    /// Whether the service is shutting down or its task is cancelled.
    package static var isEnding: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    /// Sleeps for `time`, or until the service shuts down.
    package static func rest(_ time: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: time) }
    }
}
