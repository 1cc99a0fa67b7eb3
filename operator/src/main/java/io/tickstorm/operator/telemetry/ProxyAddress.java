package io.tickstorm.operator.telemetry;

/**
 * Where a proxy tells its numbers.
 *
 * @param pod its name, by which it is known in reports
 * @param ip IPv4 or IPv6, without brackets
 * @param port of its metrics
 */
public record ProxyAddress(String pod, String ip, int port) {}
