package dev.strongroom.gateway.http;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Counts requests. Labels hold operations and codes only, both from closed lists: no caller can make the numbers grow
 * without bound, or read in them what others do with which key.
 */
public final class RequestMetrics {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] BUCKETS = {
        0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("strongroom_kms_requests_total")
            .help("Requests answered, by operation and error code; OK is a success.")
            .labelNames("operation", "code")
            .register(registry);
    private final Histogram latency = Histogram.builder()
            .name("strongroom_kms_request_seconds")
            .help("Time from the head of a request until its answer is ready to be sent.")
            .labelNames("operation")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .register(registry);
    private final Gauge inFlight = Gauge.builder()
            .name("strongroom_kms_requests_in_flight")
            .help("Requests that were begun and are not answered yet.")
            .register(registry);

    void begin() {
        inFlight.inc();
    }

    /**
     * Counts a request that is over.
     *
     * @param name of the operation, or {@code Unknown}
     * @param code {@code OK} or the code of the error
     */
    void end(String name, String code, long nanos) {
        inFlight.dec();
        requests.labelValues(name, code).inc();
        latency.labelValues(name).observe(nanos / NANOS_PER_SECOND);
    }

    /** The media type of {@link #text}. */
    static String contentType() {
        return PrometheusTextFormatWriter.CONTENT_TYPE;
    }

    /** All numbers in Prometheus's text format. */
    byte[] text() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory refused a write", e);
        }
        return out.toByteArray();
    }
}
