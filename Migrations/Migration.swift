package struct Migration: Sendable {}
