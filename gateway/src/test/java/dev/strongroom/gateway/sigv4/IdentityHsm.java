package dev.strongroom.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.hsm.protocol.CallerIdentity;
import dev.strongroom.hsm.protocol.CallerRecords;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.Stamp;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An HSM that knows one access key and does nothing but derive its signing keys; it may be made to wait. */
final class IdentityHsm implements Hsm {

    static final CallerIdentity IDENTITY = new CallerIdentity(
            new Stamp(1, 2, 3), Message.ACCESS_KEY_ID, "111122223333", "arn:aws:iam::111122223333:root");

    static final CallerRecords CALLER = CallerRecords.of(IDENTITY, true);

    final List<LookupCommand.DeriveSigningKey> asked = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    /** Whether a local read already shows the access key. */
    private boolean knownLocally = true;

    private boolean forgotten;

    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        var waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(Runnable::run);
    }

    /** From now on the access key is nobody's. */
    void forget() {
        forgotten = true;
    }

    void knowOnlyFresh() {
        knownLocally = false;
    }

    @Override
    public <R extends Reply> CompletionStage<R> call(Command<R> command, UUID servedRequest) {
        var derive = (LookupCommand.DeriveSigningKey) command;
        asked.add(derive);
        var stage = new CompletableFuture<R>();
        Runnable answer = () -> {
            boolean seen = !forgotten && (knownLocally || derive.freshness() == Freshness.QUORUM);
            if (derive.accessKeyId().equals(Message.ACCESS_KEY_ID) && seen) {
                @SuppressWarnings("unchecked") // DeriveSigningKey is a Command<Reply.SigningKey>
                var reply = (R) new Reply.SigningKey(CALLER, Plaintext.wrap(derive(derive)));
                stage.complete(reply);
            } else {
                stage.completeExceptionally(new Refused(Refusal.NOT_FOUND));
            }
        };
        if (holding) {
            held.add(answer);
        } else {
            answer.run();
        }
        return stage;
    }

    private static byte[] derive(LookupCommand.DeriveSigningKey name) {
        var key = ("AWS4" + Message.SECRET).getBytes(UTF_8);
        for (var part : List.of(name.date(), name.region(), name.service(), "aws4_request")) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                key = mac.doFinal(part.getBytes(UTF_8));
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
        return key;
    }
}
