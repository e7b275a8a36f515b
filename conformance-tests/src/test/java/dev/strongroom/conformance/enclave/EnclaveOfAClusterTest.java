package dev.strongroom.conformance.enclave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.subject.Program;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** An enclave before a gateway and a node in processes of their own: document and envelope travel between the two. */
class EnclaveOfAClusterTest {

    @TempDir
    private Path folder;

    private final Hypervisor hypervisor = new Hypervisor();

    EnclaveOfAClusterTest() throws Exception {}

    @Test
    void theNodeVerifiesAndTheGatewayPassesOn() throws Exception {
        var ports = freePorts(3);
        var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse battery staple\n");
        var cluster = folder.resolve("cluster");
        String credentials;
        try (var init = Program.start(
                "hsm",
                "init",
                "--out",
                cluster.toString(),
                "--account",
                "111122223333",
                "--passphrase-file",
                passphrase.toString(),
                "--node",
                "n1=127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1),
                "--gateway",
                "g1=127.0.0.1:" + ports.get(2))) {
            assertEquals(0, init.awaitExit(), init::output);
            credentials = init.output();
        }
        Files.writeString(cluster.resolve("n1/nitro.pem"), hypervisor.rootPem());
        var yaml = cluster.resolve("n1/node.yaml");
        Files.writeString(yaml, "attestation-roots: [nitro.pem]\n", StandardOpenOption.APPEND);
        try (var node = Program.start(
                        Map.of("STRONGROOM_NODE_PASSPHRASE_FILE", passphrase.toString()),
                        "hsm",
                        "node",
                        "--config",
                        yaml.toString());
                var gateway = started(
                        node,
                        "gateway",
                        "--config",
                        cluster.resolve("g1/gateway.yaml").toString());
                var kms = client(ports.get(2), credentials)) {
            var unused = gateway.awaitLine(line -> line.startsWith("ready "));
            answersTheEnclaveAlone(kms);
        }
    }

    /** A process that needs {@code before}, once that is ready. */
    private static Program started(Program before, String... arguments) {
        var unused = before.awaitLine(line -> line.startsWith("ready "));
        return Program.start(arguments);
    }

    private void answersTheEnclaveAlone(KmsClient kms) throws Exception {
        var enclave = hypervisor.enclave();
        var keys = AttestedServer.rsa(4096);
        var members = hypervisor.members(enclave, keys.getPublic().getEncoded());
        // As long as a document may be, in members that nobody reads.
        members.put("user_data", new byte[1024]);
        members.put("of the future", new byte[255_000]);
        var document = Hypervisor.sign(CborText.of(members), enclave.keys().getPrivate())
                .encoded();
        var key = kms.createKey().keyMetadata().keyId();
        var dataKey = kms.generateDataKey(
                generate -> generate.keyId(key).numberOfBytes(1024).recipient(AttestedServer.recipient(document)));
        assertNull(dataKey.plaintext());
        var recipient = new CMSEnvelopedData(dataKey.ciphertextForRecipient().asByteArray())
                .getRecipientInfos()
                .getRecipients()
                .iterator()
                .next();
        assertArrayEquals(
                kms.decrypt(decrypt -> decrypt.ciphertextBlob(dataKey.ciphertextBlob()))
                        .plaintext()
                        .asByteArray(),
                recipient.getContent(
                        new JceKeyTransEnvelopedRecipient(keys.getPrivate()).setProvider(new BouncyCastleProvider())));

        document[document.length - 1] ^= 1;
        var refused = assertThrows(
                KmsException.class,
                () -> kms.decrypt(decrypt -> decrypt.ciphertextBlob(dataKey.ciphertextBlob())
                        .recipient(recipientOf -> recipientOf.attestationDocument(SdkBytes.fromByteArray(document)))));
        assertEquals(AttestedServer.INVALID, AttestedServer.text(refused));
    }

    private static KmsClient client(int port, String credentials) {
        return KmsClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        value(credentials, "AWS_ACCESS_KEY_ID="), value(credentials, "AWS_SECRET_ACCESS_KEY="))))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static String value(String output, String name) {
        return output.lines()
                .filter(line -> line.contains(name))
                .map(line -> line.substring(line.indexOf(name) + name.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> freePorts(int count) throws Exception {
        var sockets = new ArrayList<ServerSocket>();
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            ports.add(sockets.get(i).getLocalPort());
        }
        for (var socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
