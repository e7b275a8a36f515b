package dev.strongroom.conformance.audit;

import dev.strongroom.conformance.subject.Target;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * A target by another address, such as that of a tap before it.
 *
 * @param trust what its clients believe, if they speak TLS
 */
record TappedTarget(Target behind, URI endpoint, Optional<TrustManagerFactory> trust) implements Target {

    @Override
    public String name() {
        return behind.name();
    }

    @Override
    public String accountId() {
        return behind.accountId();
    }

    @Override
    public String accessKeyId() {
        return behind.accessKeyId();
    }

    @Override
    public String secretKey() {
        return behind.secretKey();
    }

    @Override
    public KmsClient kms(Region region) {
        var http = UrlConnectionHttpClient.builder();
        trust.ifPresent(believed -> http.tlsTrustManagersProvider(believed::getTrustManagers));
        return KmsClient.builder()
                .endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(credentials())
                .httpClient(http.build())
                .build();
    }

    /** A client of the JDK that believes the same. */
    HttpClient http() throws GeneralSecurityException {
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        if (trust.isPresent()) {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.get().getTrustManagers(), null);
            client.sslContext(context);
        }
        return client.build();
    }

    @Override
    public void close() {
        // What is behind it is its owner's.
    }
}
