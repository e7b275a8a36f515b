package dev.strongroom.conformance.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.strongroom.gateway.keys.FreshReads;
import dev.strongroom.gateway.sigv4.SigV4Verifier;
import dev.strongroom.gateway.sigv4.SignedRequest;
import dev.strongroom.gateway.sigv4.Signer;
import dev.strongroom.gateway.sigv4.SigningKeys;
import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to believe a signature, the day's signing key being known. */
@State(Scope.Benchmark)
public class SignatureBenchmark {

    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET = "not a secret at all, only an example";

    private final SignedRequest request = Message.signed();
    private final SigV4Verifier verifier = new SigV4Verifier(
            new SigningKeys(
                    new OneAccessKey(), new FreshReads(() -> 0, 10, 10), new FreshReads(() -> 0, 10, 10), () -> 0),
            InstantSource.fixed(Instant.now()),
            "kms");

    @Benchmark
    public Signer verify() {
        return verifier.verify(request, Freshness.LOCAL).toCompletableFuture().join();
    }

    /** An Encrypt request as the AWS SDK signs and the gateway receives it. */
    private record Message(Map<String, List<String>> headers, Octets octets) implements SignedRequest {

        /** In a class of its own, because a record must not hold an array. */
        private static final class Octets {
            private final byte[] all;

            private Octets(byte[] all) {
                this.all = all;
            }
        }

        private static Message signed() {
            var json = "{\"KeyId\":\"alias/reports\",\"Plaintext\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}";
            var text = new String(
                    PreparedRequest.sign(URI.create("http://127.0.0.1:8400"), "Encrypt", json, ACCESS_KEY, SECRET),
                    ISO_8859_1);
            var headers = new HashMap<String, List<String>>();
            text.lines().skip(1).takeWhile(line -> !line.isEmpty()).forEach(line -> {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        List.of(line.substring(colon + 1).strip()));
            });
            return new Message(headers, new Octets(json.getBytes(ISO_8859_1)));
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public String query() {
            return "";
        }

        @Override
        public List<String> header(String name) {
            return headers.getOrDefault(name, List.of());
        }

        @Override
        public byte[] body() {
            return octets.all;
        }

        @Override
        public boolean isEncrypted() {
            return false;
        }

        @Override
        public String source() {
            return "127.0.0.1";
        }
    }

    /** Derives signing keys of the one access key that there is. */
    private static final class OneAccessKey implements Hsm {

        @Override
        @SuppressWarnings("unchecked") // the verifier asks for nothing but signing keys
        public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID request) {
            var name = (LookupCommand.DeriveSigningKey) command;
            var identity = new CallerIdentity(
                    new Stamp(1, 2, 3), ACCESS_KEY, "111122223333", "arn:aws:iam::111122223333:root");
            var key = ("AWS4" + SECRET).getBytes(ISO_8859_1);
            try {
                for (var part : Arrays.asList(name.date(), name.region(), name.service(), "aws4_request")) {
                    var mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(key, "HmacSHA256"));
                    key = mac.doFinal(part.getBytes(ISO_8859_1));
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            return CompletableFuture.completedFuture(
                    (R) new Reply.SigningKey(CallerRecords.of(identity, true), Plaintext.wrap(key)));
        }
    }
}
