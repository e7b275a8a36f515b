package dev.strongroom.hsm.node;

import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import dev.strongroom.hsm.node.seal.RootKey;
import dev.strongroom.hsm.node.seal.RootKeyFile;
import dev.strongroom.hsm.node.seal.Seal;
import dev.strongroom.hsm.node.seal.WrongSealException;
import dev.strongroom.hsm.node.user.CredentialVerifier;
import dev.strongroom.hsm.node.user.FreshCredentials;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The making of a cluster: its certificate authority, root key, first records, and for each machine the folder that it
 * needs. Nothing that exists is overwritten, and the root key leaves memory only sealed.
 *
 * <pre>
 * out/ca/key.pem, cluster-ca.pem                     to be kept off line
 * out/NODE/identity/key.pem, certificate.pem, cluster-ca.pem, root.key, genesis
 * out/admin/identity/key.pem, certificate.pem, cluster-ca.pem, credential   of the identity administrator
 * out/GATEWAY/identity/key.pem, certificate.pem, cluster-ca.pem, credential
 * </pre>
 */
public final class Ceremony {

    /** The folder of a machine's secrets within its own. */
    public static final String IDENTITY = "identity";

    /** The sealed root key, in a node's identity. */
    public static final String ROOT_KEY = "root.key";

    /** The first transaction of the cluster, in a node's identity. */
    public static final String GENESIS = "genesis";

    /** The identity administrator, who says who callers are, and its folder. */
    public static final String ADMIN = "admin";

    /** What a gateway or administrator logs in with, in its identity: 64 hexadecimal digits. */
    public static final String CREDENTIAL = "credential";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    private final Path out;
    private final Entropy entropy;
    private final InstantSource clock;

    private Ceremony(Path out, Entropy entropy, InstantSource clock) {
        this.out = out;
        this.entropy = entropy;
        this.clock = clock;
    }

    /**
     * A machine of the cluster.
     *
     * @param name in its certificate
     * @param hosts the names and addresses under which others reach it; may be empty for a gateway
     */
    public record Machine(String name, List<String> hosts) {

        public Machine {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * The root credentials of the first account. Told once; the secret is kept nowhere else in the clear.
     *
     * @param lineage the cluster's identity
     */
    public record Outcome(String lineage, String accessKeyId, String secretKey) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Outcome[" + lineage + ", " + accessKeyId + "]";
        }
    }

    /**
     * Makes the cluster.
     *
     * @param seal of the root key
     * @param accountId twelve digits
     * @throws IOException if a folder exists already or cannot be written
     * @throws WrongSealException if the seal does not open what it sealed
     */
    public static Outcome hold(
            Path out,
            List<Machine> nodes,
            List<Machine> gateways,
            String accountId,
            Seal seal,
            Entropy entropy,
            InstantSource clock)
            throws IOException, WrongSealException {
        return new Ceremony(out, entropy, clock).hold(nodes, gateways, accountId, seal);
    }

    private Outcome hold(List<Machine> nodes, List<Machine> gateways, String accountId, Seal seal)
            throws IOException, WrongSealException {
        requireNew("ca");
        requireNew(ADMIN);
        for (var node : nodes) {
            requireNew(node.name());
        }
        for (var gateway : gateways) {
            requireNew(gateway.name());
        }
        try (var rootKey = RootKey.create(entropy)) {
            var sealed = RootKeyFile.seal(rootKey, List.of(seal));
            var lineage = rootKey.lineage().toHex();
            var authority = CertificateAuthority.create(lineage, entropy.asSecureRandom(), clock);
            writeAuthority(authority);
            var users = new ArrayList<HsmUser>();
            for (var gateway : gateways) {
                users.add(makeUser(gateway, Role.CRYPTO_USER, authority));
            }
            users.add(makeUser(new Machine(ADMIN, List.of()), Role.IDENTITY_ADMIN, authority));
            var accessKeyId = FreshCredentials.newId(FreshCredentials.ACCESS_KEY, entropy);
            try (var secret = FreshCredentials.newSecret(entropy)) {
                var root = new Genesis.FirstAccessKey(accessKeyId, accountId, IdentityArn.root(accountId), secret);
                var genesis = Genesis.create(rootKey, entropy, clock.instant(), users, List.of(root));
                for (var node : nodes) {
                    makeNode(node, authority, sealed, genesis);
                }
                var shown = secret.use(octets -> new String(octets, StandardCharsets.US_ASCII));
                return new Outcome(lineage, accessKeyId, shown);
            }
        }
    }

    private void requireNew(String name) throws IOException {
        if (Files.exists(out.resolve(name))) {
            throw new IOException(out.resolve(name) + " is there already; name an empty folder with --out");
        }
    }

    private void writeAuthority(CertificateAuthority authority) throws IOException {
        var folder = makeFolder("ca");
        write(folder.resolve("key.pem"), authority.privateKeyPem().getBytes(StandardCharsets.US_ASCII));
        write(folder.resolve("cluster-ca.pem"), authority.certificatePem().getBytes(StandardCharsets.US_ASCII));
    }

    private void makeNode(Machine node, CertificateAuthority authority, RootKeyFile rootKey, byte[] genesis)
            throws IOException {
        var folder = makeFolder(node.name() + "/" + IDENTITY);
        TlsFiles.in(folder).write(authority.issue(PeerIdentity.node(node.name()), node.hosts()));
        rootKey.write(folder.resolve(ROOT_KEY));
        write(folder.resolve(GENESIS), genesis);
    }

    private HsmUser makeUser(Machine user, Role role, CertificateAuthority authority) throws IOException {
        var folder = makeFolder(user.name() + "/" + IDENTITY);
        TlsFiles.in(folder).write(authority.issue(PeerIdentity.gateway(user.name()), user.hosts()));
        var octets = new byte[CredentialVerifier.CREDENTIAL_BYTES];
        entropy.fill(octets);
        try (var credential = Plaintext.wrap(octets)) {
            write(
                    folder.resolve(CREDENTIAL),
                    (HexFormat.of().formatHex(octets) + "\n").getBytes(StandardCharsets.US_ASCII));
            return new HsmUser(user.name(), role, Set.of(), Set.of(), CredentialVerifier.of(credential, entropy));
        }
    }

    private Path makeFolder(String name) throws IOException {
        return Files.createDirectories(out.resolve(name), PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
    }

    private static void write(Path file, byte[] content) throws IOException {
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, ownerOnly)) {
            var rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                int unused = channel.write(rest);
            }
        }
    }
}
