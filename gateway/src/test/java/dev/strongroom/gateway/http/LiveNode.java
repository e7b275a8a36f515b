package dev.strongroom.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.hsm.node.HsmNode;
import dev.strongroom.hsm.node.NodeStartException;
import dev.strongroom.hsm.node.NodeSurroundings;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/** Real nodes in memory. */
final class LiveNode {

    private LiveNode() {}

    /** One that knows nobody. */
    static HsmNode open(InstantSource clock) throws NodeStartException {
        return HsmNode.openInMemory(new NodeSurroundings(
                Entropy.start(Bytes.wrap(new byte[16]), System::nanoTime), clock, System::nanoTime, "test"));
    }

    /** One that knows the account of {@link ScriptedHsm} and its root. */
    static HsmNode openWithRoot() throws NodeStartException {
        var node = open(InstantSource.system());
        var account = new IdentityRecord.Account(new Stamp(0, 0, 0), ScriptedHsm.ACCOUNT, true, Instant.EPOCH);
        var root = new IdentityCommand.CreateAccessKey(
                UUID.randomUUID(),
                ScriptedHsm.ACCESS_KEY_ID,
                ScriptedHsm.ACCOUNT,
                "arn:aws:iam::" + ScriptedHsm.ACCOUNT + ":root",
                Plaintext.wrap(ScriptedHsm.SECRET.getBytes(US_ASCII)));
        var unused = node.identityAdmin()
                .call(new IdentityCommand.CreateIdentity(UUID.randomUUID(), account))
                .thenCompose(made -> node.identityAdmin().call(root))
                .toCompletableFuture()
                .join();
        return node;
    }
}
