package dev.strongroom.conformance.fault;

import dev.strongroom.hsm.node.TlsFiles;
import dev.strongroom.hsm.node.crypto.CertificateAuthority;
import dev.strongroom.hsm.node.crypto.PeerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What can be wrong with the folders of a cluster or of the embedded mode. */
final class Mistakes {

    private Mistakes() {}

    /** Makes a folder wrong. */
    interface Spoiling {
        void spoil(Path folder) throws Exception;
    }

    static Spoiling writes(String file, String content) {
        return folder -> Files.writeString(folder.resolve(file), content);
    }

    static Spoiling appends(String file, String content) {
        return folder -> Files.writeString(folder.resolve(file), Files.readString(folder.resolve(file)) + content);
    }

    static Spoiling removes(String file) {
        return folder -> Files.delete(folder.resolve(file));
    }

    static Spoiling removesFolder(String name) {
        return folder -> Folders.delete(folder.resolve(name));
    }

    static Spoiling damages(String file) {
        return folder -> Folders.damage(folder.resolve(file));
    }

    static Spoiling halves(String file) {
        return folder -> Folders.cutInHalf(folder.resolve(file));
    }

    static Spoiling opens(String file) {
        return folder ->
                Files.setPosixFilePermissions(folder.resolve(file), PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Puts one folder in place of another. */
    static Spoiling copies(String from, String to) {
        return folder -> {
            for (var file : List.of("key.pem", "certificate.pem", "cluster-ca.pem")) {
                Files.delete(folder.resolve(to).resolve(file));
                Files.copy(
                        folder.resolve(from).resolve(file),
                        folder.resolve(to).resolve(file),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        };
    }

    private static void putStrangers(Path stranger, Path folder, String... files) throws IOException {
        for (var file : files) {
            Files.write(folder.resolve(file), Files.readAllBytes(stranger.resolve(file)));
        }
    }

    static void putStrangersCertificate(Path stranger, Path folder) throws IOException {
        putStrangers(
                stranger, folder, "n1/identity/key.pem", "n1/identity/certificate.pem", "n1/identity/cluster-ca.pem");
    }

    static void putStrangersKey(Path stranger, Path folder) throws IOException {
        putStrangers(stranger, folder, "n1/identity/key.pem");
    }

    static void putStrangersAuthority(Path stranger, Path folder) throws IOException {
        putStrangers(stranger, folder, "g1/identity/cluster-ca.pem");
    }

    static void putStrangersRootKey(Path stranger, Path folder) throws IOException {
        putStrangersCertificate(stranger, folder);
        putStrangers(stranger, folder, "n1/identity/root.key", "n1/identity/genesis");
    }

    static void putFileInPlaceOfData(Path folder) throws IOException {
        Folders.delete(folder.resolve("n1/data"));
        Files.writeString(folder.resolve("n1/data"), "");
    }

    static void putFileInPlaceOfFolder(Path folder) throws IOException {
        Folders.delete(folder.resolve("data"));
        Files.writeString(folder.resolve("data"), "");
    }

    static void putFolderInPlaceOfConfiguration(Path folder) throws IOException {
        Files.delete(folder.resolve("g1/gateway.yaml"));
        Files.createDirectory(folder.resolve("g1/gateway.yaml"));
    }

    /** A certificate that the cluster's own CA made three years ago. */
    static void expire(Path folder, String name) throws Exception {
        var authority = CertificateAuthority.ofPem(
                Files.readString(folder.resolve("ca/key.pem")),
                Files.readString(folder.resolve("ca/cluster-ca.pem")),
                new SecureRandom(),
                InstantSource.fixed(Instant.now().minus(Duration.ofDays(3 * 365))));
        var identity = name.startsWith("n") ? PeerIdentity.node(name) : PeerIdentity.gateway(name);
        var files = TlsFiles.in(folder.resolve(name + "/identity"));
        for (var file : List.of(files.privateKey(), files.chain(), files.authority())) {
            Files.delete(file);
        }
        files.write(authority.issue(identity, List.of("127.0.0.1")));
    }
}
