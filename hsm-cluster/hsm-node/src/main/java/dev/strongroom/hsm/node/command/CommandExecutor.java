package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.audit.Ledger;
import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.node.store.RecordStore.TooLargeException;
import dev.strongroom.hsm.node.store.RecordStore.UnavailableException;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides and does. All commands pass the same checks in the same order: state of the node; session and role; limits of
 * the user; what the command rests on (waiting for the node to catch up if the client has seen more); state of the key;
 * then the work. Before the answer of a read or a use leaves, the lease is looked at once more: a node that was stopped
 * in between must not give out what it may no longer know to be right.
 *
 * <p>Nothing is answered before it is recorded; what cannot be recorded is refused as a fault.
 *
 * <p>Thread-safe. The returned stage fails with {@link Refused} and nothing else; a fault is logged under an id, which is
 * all that the caller is told. The secret inside a command is overwritten when the stage completes.
 */
public final class CommandExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(CommandExecutor.class);

    private final NodeLife life;
    private final Entropy entropy;
    private final KeyReads reads;
    private final KeyUses uses;
    private final PairUses pairs;
    private final MacUses macs;
    private final KeyChanges keys;
    private final AliasChanges aliases;
    private final Identities identities;
    private final CommandRecorder recorder;

    /** An executor that keeps no record of what it does. */
    public CommandExecutor(NodeLife life, NodeParts parts) {
        this(life, parts, Ledger.none());
    }

    /** @param ledger where every command is recorded before it is answered */
    public CommandExecutor(NodeLife life, NodeParts parts, Ledger ledger) {
        var writer = new Writer(parts);
        var usable = new UsableKeys(parts);
        this.life = life;
        this.entropy = parts.entropy();
        this.reads = new KeyReads(parts);
        this.uses = new KeyUses(parts, usable);
        this.pairs = new PairUses(parts, usable);
        this.macs = new MacUses(parts, usable);
        this.keys = new KeyChanges(parts, writer);
        this.aliases = new AliasChanges(parts, writer);
        this.identities = new Identities(parts, writer);
        this.recorder = new CommandRecorder(parts, ledger);
    }

    /**
     * Executes {@code command} for {@code session}, on behalf of {@code servedRequest}. Use of symmetric and HMAC keys is done
     * when this returns; the stage of anything else may complete later, on a thread that must not be blocked.
     */
    // Each method of Work answers with the reply that its command names.
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletionStage<R> execute(Session session, Command<R> command, UUID servedRequest) {
        var rule = CommandRule.of(command);
        var state = life.state();
        if (!rule.allows(state)) {
            // Nothing is begun, so there is nothing to record either.
            command.secret().close();
            return CompletableFuture.failedFuture(notOperational(state));
        }
        var given = new CommandRecorder.Given(session, rule, command, servedRequest, recorder.now());
        CompletionStage<R> work;
        try {
            work = (CompletionStage<R>) command.accept(new Work(session, admitted(session, rule)));
        } catch (RuntimeException e) {
            work = CompletableFuture.failedFuture(e);
        }
        var answer = new CompletableFuture<R>();
        var unused = work.whenComplete((reply, failure) -> {
            command.secret().close();
            record(given, reply, failure == null ? objection(rule) : refused(rule, failure), answer);
        });
        return answer;
    }

    /** Why the node may not give an answer that it has; null if it may. */
    private @Nullable Refused objection(CommandRule rule) {
        var state = life.state();
        return rule.answersUnderLease() && state != NodeState.OPERATIONAL ? notOperational(state) : null;
    }

    /** Gives the answer once it is recorded. Whatever breaks here, the caller is not left waiting. */
    private <R extends Reply> void record(
            CommandRecorder.Given given, @Nullable R reply, @Nullable Refused no, CompletableFuture<R> answer) {
        CompletionStage<Void> recorded = null;
        var refusal = no;
        try {
            recorded = recorder.record(given, no == null ? reply : null, no);
        } catch (IOException | RuntimeException e) {
            refusal = fault(e);
        }
        if (recorded == null) {
            give(given.rule(), reply, refusal, answer);
        } else {
            var unused = recorded.whenComplete(
                    (done, lost) -> give(given.rule(), reply, lost == null ? no : fault(lost), answer));
        }
    }

    /** Recording may have taken its time: the lease is looked at last of all. */
    private <R extends Reply> void give(
            CommandRule rule, @Nullable R reply, @Nullable Refused refusal, CompletableFuture<R> answer) {
        var no = refusal == null ? objection(rule) : refusal;
        if (no == null) {
            answer.complete(reply);
        } else {
            dropped(reply);
            answer.completeExceptionally(no);
        }
    }

    private static void dropped(@Nullable Reply reply) {
        if (reply != null) {
            reply.secret().close();
        }
    }

    /** The session's user, if the command needs one and that one may give it. */
    private Optional<HsmUser> admitted(Session session, CommandRule rule) {
        if (rule.role().isEmpty()) {
            return Optional.empty();
        }
        var user = identities.user(session);
        if (user.isEmpty()) {
            throw new Refused(Refusal.LOGIN_REQUIRED, "log in first");
        }
        if (user.get().role() != rule.role().get()) {
            throw new Refused(Refusal.NOT_PERMITTED, "not for a " + user.get().role());
        }
        return user;
    }

    private Refused refused(CommandRule rule, Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        var state = life.state();
        if (!rule.allows(state) && (rule.answersUnderLease() || cause instanceof IllegalStateException)) {
            // What was not found may only be gone because the node is closing or has fallen behind.
            return notOperational(state);
        }
        if (cause instanceof Refused no) {
            return no;
        }
        if (cause instanceof UnavailableException) {
            return new Refused(Refusal.NO_QUORUM);
        }
        if (cause instanceof TooLargeException large) {
            return new Refused(Refusal.MALFORMED, String.valueOf(large.getMessage()));
        }
        if (cause instanceof RejectedExecutionException) {
            return new Refused(Refusal.THROTTLED);
        }
        return fault(cause);
    }

    /** Told to nobody but the log; the caller gets the id to ask for. */
    private Refused fault(Throwable cause) {
        var id = entropy.newUuid();
        LOG.error("fault {}", id, cause);
        return new Refused(Refusal.INTERNAL, id.toString());
    }

    private static Refused notOperational(NodeState state) {
        return new Refused(Refusal.NOT_OPERATIONAL, state.name());
    }

    /** One command of one session, admitted: each family goes to those who do it. */
    private final class Work implements Command.Visitor<CompletionStage<? extends Reply>> {

        private final Session session;
        private final Optional<HsmUser> admitted;

        Work(Session session, Optional<HsmUser> admitted) {
            this.session = session;
            this.admitted = admitted;
        }

        private HsmUser user() {
            return admitted.orElseThrow(() -> new IllegalStateException("a command without a user was admitted"));
        }

        @Override
        public CompletionStage<? extends Reply> session(SessionCommand<?> command) {
            return command.accept(new SessionWork(session));
        }

        @Override
        public CompletionStage<? extends Reply> lookup(LookupCommand<?> command) {
            return command.accept(new LookupWork(user()));
        }

        @Override
        public CompletionStage<? extends Reply> use(UseCommand<?> command) {
            return command.accept(new UseWork(user()));
        }

        @Override
        public CompletionStage<? extends Reply> change(ChangeCommand<?> command) {
            return command.accept(new ChangeWork(user()));
        }

        @Override
        public CompletionStage<? extends Reply> identity(IdentityCommand<?> command) {
            return command.accept(new IdentityWork(user()));
        }
    }

    private final class SessionWork implements SessionCommand.Visitor<CompletionStage<? extends Reply>> {

        private final Session session;

        SessionWork(Session session) {
            this.session = session;
        }

        @Override
        public CompletionStage<Reply.LoggedIn> login(SessionCommand.Login command) {
            return identities.login(session, command);
        }

        @Override
        public CompletionStage<Reply.NodeDescription> describeNode(SessionCommand.DescribeNode command) {
            return CompletableFuture.completedFuture(life.describe());
        }
    }

    private final class LookupWork implements LookupCommand.Visitor<CompletionStage<? extends Reply>> {

        private final HsmUser user;

        LookupWork(HsmUser user) {
            this.user = user;
        }

        @Override
        public CompletionStage<Reply.FoundKey> findKey(LookupCommand.FindKey command) {
            return reads.findKey(user, command);
        }

        @Override
        public CompletionStage<Reply.FoundAlias> findAlias(LookupCommand.FindAlias command) {
            return reads.findAlias(user, command);
        }

        @Override
        public CompletionStage<Reply.KeyPage> listKeys(LookupCommand.ListKeys command) {
            return reads.listKeys(user, command);
        }

        @Override
        public CompletionStage<Reply.AliasPage> listAliases(LookupCommand.ListAliases command) {
            return reads.listAliases(user, command);
        }

        @Override
        public CompletionStage<Reply.SigningKey> deriveSigningKey(LookupCommand.DeriveSigningKey command) {
            return identities.deriveSigningKey(user, command);
        }
    }

    private final class UseWork implements UseCommand.Visitor<CompletionStage<? extends Reply>> {

        private final HsmUser user;

        UseWork(HsmUser user) {
            this.user = user;
        }

        @Override
        public CompletionStage<Reply.Encrypted> encrypt(UseCommand.Encrypt command) {
            return uses.encrypt(user, command);
        }

        @Override
        public CompletionStage<Reply.Decrypted> decrypt(UseCommand.Decrypt command) {
            return uses.decrypt(user, command);
        }

        @Override
        public CompletionStage<Reply.ReEncrypted> reEncrypt(UseCommand.ReEncrypt command) {
            return uses.reEncrypt(user, command);
        }

        @Override
        public CompletionStage<Reply.DataKey> generateDataKey(UseCommand.GenerateDataKey command) {
            return uses.generateDataKey(user, command);
        }

        @Override
        public CompletionStage<Reply.Random> generateRandom(UseCommand.GenerateRandom command) {
            return uses.generateRandom(command);
        }

        @Override
        public CompletionStage<Reply.DataKeyPair> generateDataKeyPair(UseCommand.GenerateDataKeyPair command) {
            return uses.generateDataKeyPair(user, command);
        }

        @Override
        public CompletionStage<Reply.Signed> sign(UseCommand.Sign command) {
            return pairs.sign(user, command);
        }

        @Override
        public CompletionStage<Reply.Done> verify(UseCommand.Verify command) {
            return pairs.verify(user, command);
        }

        @Override
        public CompletionStage<Reply.Mac> generateMac(UseCommand.GenerateMac command) {
            return macs.generateMac(user, command);
        }

        @Override
        public CompletionStage<Reply.Done> verifyMac(UseCommand.VerifyMac command) {
            return macs.verifyMac(user, command);
        }

        @Override
        public CompletionStage<Reply.SharedSecret> deriveSharedSecret(UseCommand.DeriveSharedSecret command) {
            return pairs.deriveSharedSecret(user, command);
        }

        @Override
        public CompletionStage<Reply.Encapsulated> encapsulate(UseCommand.Encapsulate command) {
            return pairs.encapsulate(user, command);
        }

        @Override
        public CompletionStage<Reply.SharedSecret> decapsulate(UseCommand.Decapsulate command) {
            return pairs.decapsulate(user, command);
        }
    }

    private final class ChangeWork implements ChangeCommand.Visitor<CompletionStage<? extends Reply>> {

        private final HsmUser user;

        ChangeWork(HsmUser user) {
            this.user = user;
        }

        @Override
        public CompletionStage<Reply.ChangedKey> createKey(ChangeCommand.CreateKey command) {
            return keys.createKey(user, command);
        }

        @Override
        public CompletionStage<Reply.ChangedKey> changeKey(ChangeCommand.ChangeKey command) {
            return keys.changeKey(user, command);
        }

        @Override
        public CompletionStage<Reply.Done> createAlias(ChangeCommand.CreateAlias command) {
            return aliases.createAlias(user, command);
        }

        @Override
        public CompletionStage<Reply.Done> updateAlias(ChangeCommand.UpdateAlias command) {
            return aliases.updateAlias(user, command);
        }

        @Override
        public CompletionStage<Reply.Done> deleteAlias(ChangeCommand.DeleteAlias command) {
            return aliases.deleteAlias(user, command);
        }
    }

    private final class IdentityWork implements IdentityCommand.Visitor<CompletionStage<? extends Reply>> {

        private final HsmUser user;

        IdentityWork(HsmUser user) {
            this.user = user;
        }

        @Override
        public CompletionStage<Reply.Done> createAccessKey(IdentityCommand.CreateAccessKey command) {
            return identities.createAccessKey(user, command);
        }
    }
}
