package dev.strongroom.hsm.node.audit;

import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TestEntropy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Trails of some nodes that hear each other at once, in folders below one. */
final class TrailFixture {

    static final String LINEAGE = "00112233445566778899aabbccddeeff";
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-26T06:00:00Z"));

    private final Path folder;
    private final boolean hasCertificates;
    private final CertificateAuthority authority =
            CertificateAuthority.create("c1", TestEntropy.shared().asSecureRandom(), InstantSource.system());
    private final Map<String, TrailSigner> signers = new HashMap<>();
    private final Map<String, AuditTrail> open = new ConcurrentHashMap<>();
    final AtomicLong nanos = new AtomicLong();

    TrailFixture(Path folder, boolean hasCertificates) {
        this.folder = folder;
        this.hasCertificates = hasCertificates;
    }

    static KeyMaterial root() {
        return TestEntropy.key(1);
    }

    Path folder(String node) {
        return folder.resolve(node);
    }

    AuditTrail start(String node) {
        return start(node, TrailSettings.Flush.SOON, TrailSettings.FILE_BYTES);
    }

    AuditTrail start(String node, TrailSettings.Flush flush, long fileBytes) {
        try {
            var trail = AuditTrail.open(
                    new TrailSettings(folder(node), node, LINEAGE, "test", flush, fileBytes),
                    root(),
                    signers.computeIfAbsent(node, this::signer),
                    message -> tellOthers(node, message),
                    CLOCK,
                    nanos::get);
            open.put(node, trail);
            return trail;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops a node in order: its peers learn of its end. */
    void stop(String node) {
        var trail = open.remove(node);
        if (trail != null) {
            trail.close();
        }
    }

    private TrailSigner signer(String node) {
        return hasCertificates
                ? new CertifiedSigner(authority.issue(PeerIdentity.node(node), List.of("127.0.0.1")))
                : TrailSigner.none();
    }

    private void tellOthers(String from, byte[] message) {
        open.forEach((node, trail) -> {
            if (!node.equals(from)) {
                trail.receive(from, message);
            }
        });
    }

    /** Records so many uses of a key, with all that such a record has. */
    static void use(AuditTrail trail, int count) {
        for (int i = 0; i < count; i++) {
            try {
                int number = i;
                var unused = trail.record(
                        Ledger.Weight.USE,
                        line -> line.number("session", 1)
                                .text("peer", "10.0.0.9")
                                .text("certificate", "ab".repeat(32))
                                .text("user", "g1")
                                .text("role", "CRYPTO_USER")
                                .text("command", "Encrypt")
                                .text("requestId", new UUID(1, number).toString())
                                .hex("record", 2, 3)
                                .number("revision", 4)
                                .text("key", "111122223333/eu-west-1/k1")
                                .hex("context", new byte[16])
                                .hex("backingKey", new byte[16])
                                .hex("params", new byte[16])
                                .text("result", "OK")
                                .number("latency", number));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Optional<X509Certificate> authority() {
        return hasCertificates ? Optional.of(signerCertificate()) : Optional.empty();
    }

    private X509Certificate signerCertificate() {
        try {
            var pem = authority.certificatePem().getBytes(StandardCharsets.US_ASCII);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    /** What the trails say about requests of callers. */
    List<ServedCommand> served(String... nodes) {
        var served = new ArrayList<ServedCommand>();
        try {
            var unused = verifier(Optional.empty()).verify(folders(nodes), served::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return served;
    }

    TrailReport verify(String... nodes) {
        try (var root = root()) {
            return verifier(Optional.of(root)).verify(folders(nodes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TrailReport verifyWithoutRoot(String... nodes) {
        try {
            return verifier(Optional.empty()).verify(folders(nodes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TrailVerifier verifier(Optional<KeyMaterial> root) {
        return new TrailVerifier(root, authority());
    }

    private List<Path> folders(String... nodes) {
        return List.of(nodes).stream().map(this::folder).toList();
    }

    /** The lines of all files of a node, in order. */
    List<String> lines(String node) {
        var lines = new ArrayList<String>();
        try {
            for (var file : TrailFolder.files(folder(node))) {
                lines.addAll(Files.readAllLines(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }
}
