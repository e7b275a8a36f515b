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
            return command.accept(new SessionWork(life, identities, session));
        }

        @Override
        public CompletionStage<? extends Reply> lookup(LookupCommand<?> command) {
            return command.accept(new LookupWork(reads, identityReads, identities, lastUses, user()));
        }

        @Override
        public CompletionStage<? extends Reply> use(UseCommand<?> command) {
            return command.accept(new UseWork(uses, pairs, macs, user()));
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
}
