package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who does which command. Knows nothing of states and roles: {@link CommandExecutor} has looked at them. Thread-safe. */
final class CommandWorks {

    private final NodeLife life;
    private final KeyReads reads;
    private final KeyUses uses;
    private final PairUses pairs;
    private final MacUses macs;
    private final KeyChanges keys;
    private final AliasChanges aliases;
    private final MaterialChanges materials;
    private final ReplicaChanges replicas;
    private final GrantReads grantReads;
    private final GrantChanges grants;
    private final Identities identities;
    private final IdentityReads identityReads;
    private final IdentityChanges identityChanges;
    private final Sessions sessions;
    private final LastUses lastUses;

    CommandWorks(NodeLife life, NodeParts parts, LastUses lastUses) {
        var writer = new Writer(parts);
        var usable = new UsableKeys(parts);
        var recipients = new Recipients(parts);
        this.life = life;
        this.reads = new KeyReads(parts);
        this.uses = new KeyUses(parts, usable, recipients);
        this.pairs = new PairUses(parts, usable, recipients);
        this.macs = new MacUses(parts, usable);
        this.keys = new KeyChanges(parts, writer);
        this.aliases = new AliasChanges(parts, writer);
        this.materials = new MaterialChanges(parts, writer);
        this.replicas = new ReplicaChanges(parts, writer);
        this.grantReads = new GrantReads(parts, reads);
        this.grants = new GrantChanges(parts, writer);
        this.identityReads = new IdentityReads(parts);
        this.identityChanges = new IdentityChanges(parts, writer, identityReads);
        this.sessions = new Sessions(parts, identityReads);
        this.identities = new Identities(parts, identityReads, sessions);
        this.lastUses = lastUses;
    }

    /** Who has logged in on that session; empty if nobody has, or the login is no longer good. */
    Optional<HsmUser> user(Session session) {
        return identities.user(session);
    }

    /**
     * Begins {@code command}.
     *
     * @param admitted its user; present unless the command needs none
     */
    CompletionStage<? extends Reply> begin(Session session, Optional<HsmUser> admitted, Command<?> command) {
        return command.accept(new Work(session, admitted));
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
            return command.accept(new ChangeWork(keys, aliases, replicas, user()));
        }

        @Override
        public CompletionStage<? extends Reply> material(ImportCommand<?> command) {
            return command.accept(new ImportWork(materials, user()));
        }

        @Override
        public CompletionStage<? extends Reply> grant(GrantCommand<?> command) {
            return command.accept(new GrantWork(grantReads, grants, user()));
        }

        @Override
        public CompletionStage<? extends Reply> identity(IdentityCommand<?> command) {
            return command.accept(new IdentityWork(identityReads, identityChanges, sessions, user()));
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

        @Override
        public CompletionStage<Reply.FoundAliasNames> findAliasNames(LookupCommand.FindAliasNames command) {
            return reads.findAliasNames(user, command);
        }

        @Override
        public CompletionStage<Reply.FoundLastUse> findLastUse(LookupCommand.FindLastUse command) {
            return lastUses.find(user, command);
        }

        @Override
        public CompletionStage<Reply.FoundPrincipals> findPrincipals(LookupCommand.FindPrincipals command) {
            return identityReads.findPrincipals(command);
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

        @Override
        public CompletionStage<Reply.Done> rehearse(UseCommand.Rehearse command) {
            return command.use().accept(this).thenApply(reply -> {
                reply.secret().close();
                return new Reply.Done();
            });
        }
    }
}
