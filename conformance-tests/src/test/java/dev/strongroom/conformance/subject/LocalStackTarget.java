package dev.strongroom.conformance.subject;

import java.net.URI;
import java.util.Set;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container: another emulator, which the scenarios say where it differs. */
final class LocalStackTarget implements Target {

    /** The last image that starts without an account. */
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.14.0");

    private final LocalStackContainer container;

    private LocalStackTarget(LocalStackContainer container) {
        this.container = container;
    }

    static LocalStackTarget start() {
        var container = new LocalStackContainer(IMAGE).withServices("kms", "s3");
        container.start();
        return new LocalStackTarget(container);
    }

    @Override
    public String name() {
        return "localstack";
    }

    @Override
    public URI endpoint() {
        return container.getEndpoint();
    }

    @Override
    public String accountId() {
        return "000000000000";
    }

    @Override
    public String accessKeyId() {
        return container.getAccessKey();
    }

    @Override
    public String secretKey() {
        return container.getSecretKey();
    }

    @Override
    public Set<Promise> promises() {
        return Set.of();
    }

    @Override
    public void close() {
        container.stop();
    }
}
