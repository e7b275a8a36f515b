package dev.strongroom.conformance.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;
import org.testcontainers.DockerClientFactory;

/**
 * The targets of the scenarios, each started when it is first asked for and stopped with the JVM of the tests.
 *
 * <p>Always the embedded mode and a cluster. LocalStack where there is Docker; elsewhere its tests are reported as skipped.
 * Any other endpoint if {@code STRONGROOM_TEST_ENDPOINT} names one, with {@code …_ACCOUNT}, {@code …_ACCESS_KEY} and {@code
 * …_SECRET_KEY} unless they are those of {@code strongroom dev}.
 */
public final class Targets {

    private Targets() {}

    private static final class Embedded {
        static final Target TARGET = closedAtTheEnd(EmbeddedTarget.inMemory());
    }

    private static final class Cluster {
        static final ClusterTarget TARGET = closedAtTheEnd(startCluster());
    }

    private static final class LocalStack {
        static final Target TARGET = DockerClientFactory.instance().isDockerAvailable()
                ? closedAtTheEnd(LocalStackTarget.start())
                : new AbsentTarget("localstack", "LocalStack needs Docker, which is not running here");
    }

    /** For {@code @MethodSource}. */
    public static Stream<Arguments> all() {
        var usual = Stream.of(embedded(), cluster(), LocalStack.TARGET);
        return Stream.concat(usual, named().stream()).map(target -> Arguments.of(Named.of(target.name(), target)));
    }

    public static Target embedded() {
        return Embedded.TARGET;
    }

    /** Shared by all tests that leave its processes alone. */
    public static ClusterTarget cluster() {
        return Cluster.TARGET;
    }

    private static Optional<Target> named() {
        var environment = System.getenv();
        return Optional.ofNullable(environment.get("STRONGROOM_TEST_ENDPOINT"))
                .map(endpoint -> new NamedTarget(
                        URI.create(endpoint),
                        environment.getOrDefault("STRONGROOM_TEST_ACCOUNT", "000000000000"),
                        environment.getOrDefault("STRONGROOM_TEST_ACCESS_KEY", "test"),
                        environment.getOrDefault("STRONGROOM_TEST_SECRET_KEY", "test")));
    }

    private static ClusterTarget startCluster() {
        try {
            return ClusterTarget.start(Files.createTempDirectory("strongroom-cluster"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T extends Target> T closedAtTheEnd(T target) {
        Runtime.getRuntime().addShutdownHook(new Thread(target::close));
        return target;
    }

    /** An endpoint that somebody else runs. */
    private record NamedTarget(URI endpoint, String accountId, String accessKeyId, String secretKey) implements Target {

        @Override
        public String name() {
            return endpoint.toString();
        }

        @Override
        public void close() {
            // Not ours to stop.
        }
    }
}
