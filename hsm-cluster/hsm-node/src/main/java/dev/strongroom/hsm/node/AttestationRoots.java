package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.cluster.Reason;
import dev.strongroom.hsm.node.crypto.AttestationChain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The certificates that attestation documents must chain to, as an operator names them: PEM files, such as the root of AWS
 * Nitro Enclaves. None is built in: what may vouch for an enclave is the operator's decision.
 */
public final class AttestationRoots {

    private AttestationRoots() {}

    /**
     * Reads the certificates of all {@code files}.
     *
     * @throws NodeStartException one line, if a file cannot be read, holds no certificate or one that may not sign others
     */
    public static Set<X509Certificate> read(List<Path> files) throws NodeStartException {
        var roots = new HashSet<X509Certificate>();
        for (var file : files) {
            try {
                roots.addAll(AttestationChain.roots(text(file)));
            } catch (IOException e) {
                throw new NodeStartException("attestation root: " + Reason.of(e), e);
            } catch (GeneralSecurityException e) {
                throw new NodeStartException(
                        "attestation root " + file + " cannot be used: " + Reason.of(e)
                                + "; name a PEM file with the certificate of a root",
                        e);
            }
        }
        return Set.copyOf(roots);
    }

    /** Whatever it holds, so that it is not the wrong encoding of characters that somebody with the wrong file hears of. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
