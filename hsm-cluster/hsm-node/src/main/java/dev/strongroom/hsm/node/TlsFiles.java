package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.cluster.Reason;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.crypto.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** Where a {@link TlsIdentity} lies on disk: three PEM files, of which the key's is readable by its owner alone. */
public record TlsFiles(Path privateKey, Path chain, Path authority) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> EVERYBODY = PosixFilePermissions.fromString("rw-r--r--");

    /** The usual names in {@code directory}. */
    public static TlsFiles in(Path directory) {
        return new TlsFiles(
                directory.resolve("key.pem"),
                directory.resolve("certificate.pem"),
                directory.resolve("cluster-ca.pem"));
    }

    /**
     * Reads the three files.
     *
     * @throws IOException if a file cannot be read, or others than its owner may read or write the private key
     * @throws GeneralSecurityException as {@link TlsIdentity#ofPem}
     */
    public TlsIdentity read(SecureRandom random) throws IOException, GeneralSecurityException {
        var others = EnumSet.copyOf(Files.getPosixFilePermissions(privateKey));
        others.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!others.isEmpty()) {
            throw new IOException("others than its owner have access to " + privateKey + ": chmod 600 it");
        }
        return TlsIdentity.ofPem(
                Files.readString(privateKey), Files.readString(chain), Files.readString(authority), random);
    }

    /**
     * Reads the three files for a process that is {@code self}, and says everything about them that its peers would hang up
     * for.
     *
     * @throws NodeStartException one line
     */
    public TlsIdentity readAs(PeerIdentity self, SecureRandom random, Instant now) throws NodeStartException {
        TlsIdentity found;
        try {
            found = read(random);
        } catch (IOException e) {
            throw new NodeStartException(Reason.of(e), e);
        } catch (GeneralSecurityException e) {
            throw new NodeStartException(
                    "the certificate " + chain + " cannot be used: " + Reason.of(e)
                            + "; copy key.pem, certificate.pem and cluster-ca.pem anew from what hsm init made",
                    e);
        }
        if (!found.identity().equals(self)) {
            throw new NodeStartException("the certificate " + chain + " is that of "
                    + found.identity().uri() + ", not of " + self.uri() + ": give each its own identity folder");
        }
        var until = found.certificate().getNotAfter().toInstant();
        if (now.isAfter(until)
                || now.isBefore(found.certificate().getNotBefore().toInstant())) {
            throw new NodeStartException("the certificate " + chain + " is valid from "
                    + found.certificate().getNotBefore().toInstant() + " to " + until + " and it is " + now
                    + " here: issue a new one, or set the clock right");
        }
        return found;
    }

    /** Writes new files; {@link java.nio.file.FileAlreadyExistsException} if one is there already. */
    public void write(TlsIdentity identity) throws IOException {
        create(privateKey, identity.privateKeyPem(), OWNER_ONLY);
        create(chain, identity.chainPem(), EVERYBODY);
        create(authority, identity.authorityPem(), EVERYBODY);
    }

    /** Born with its permissions: a key that is closed off after it was written was open for a moment. */
    private static void create(Path file, String text, Set<PosixFilePermission> permissions) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, PosixFilePermissions.asFileAttribute(permissions))) {
            var bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                var unused = channel.write(bytes);
            }
        }
    }
}
