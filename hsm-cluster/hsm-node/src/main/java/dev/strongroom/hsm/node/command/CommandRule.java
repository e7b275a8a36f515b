package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.Set;

/** Who may give a command and in which state of the node. Every command has one of these, see {@link #of}. */
public enum CommandRule {
    /** Answered to anybody in every state. */
    STATUS(false),
    /** Opens a session. */
    LOGIN(true),
    /** Looks at keys or uses them; the answer leaves only if the node still holds its lease. */
    USE(true, Role.CRYPTO_USER),
    /** Changes keys or aliases; a majority has agreed before it is answered. */
    CHANGE(false, Role.CRYPTO_USER),
    /** Changes who callers are. */
    IDENTITY_CHANGE(false, Role.IDENTITY_ADMIN),
    /** Looks at all that there are of who callers are. */
    IDENTITY_LIST(true, Role.IDENTITY_ADMIN),
    /** Looks up who somebody is. */
    IDENTITY_READ(true, Role.CRYPTO_USER, Role.IDENTITY_ADMIN);

    private static final Command.Visitor<CommandRule> TABLE = new Table();
    private static final SessionCommand.Visitor<CommandRule> SESSION_TABLE = new SessionTable();
    private static final ImportCommand.Visitor<CommandRule> IMPORT_TABLE = new ImportTable();
    private static final IdentityCommand.Visitor<CommandRule> IDENTITY_TABLE = new IdentityTable();
    private static final GrantCommand.Visitor<CommandRule> GRANT_TABLE = new GrantTable();

    // Made by Set.of.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Role> roles;

    private final boolean answersUnderLease;

    CommandRule(boolean answersUnderLease, Role... roles) {
        this.roles = Set.of(roles);
        this.answersUnderLease = answersUnderLease;
    }

    public static CommandRule of(Command<?> command) {
        return command.accept(TABLE);
    }

    /** The roles of which the session's user must have one; none if no session is needed. */
    public Set<Role> roles() {
        return roles;
    }

    /** Whether it changes nothing for good, so that its record may reach the disk a little later. */
    boolean isUse() {
        return this == USE || this == IDENTITY_READ || this == IDENTITY_LIST;
    }

    public boolean allows(NodeState state) {
        return state == NodeState.OPERATIONAL || this == STATUS;
    }

    /** Whether the node must still be operational when the answer leaves. */
    boolean answersUnderLease() {
        return answersUnderLease;
    }

    private static final class Table implements Command.Visitor<CommandRule> {

        @Override
        public CommandRule session(SessionCommand<?> command) {
            return command.accept(SESSION_TABLE);
        }

        @Override
        public CommandRule lookup(LookupCommand<?> command) {
            // Trust policies name people, as key policies do.
            return command instanceof LookupCommand.FindPrincipals ? IDENTITY_READ : USE;
        }

        @Override
        public CommandRule use(UseCommand<?> command) {
            return USE;
        }

        @Override
        public CommandRule change(ChangeCommand<?> command) {
            return CHANGE;
        }

        @Override
        public CommandRule material(ImportCommand<?> command) {
            return command.accept(IMPORT_TABLE);
        }

        @Override
        public CommandRule grant(GrantCommand<?> command) {
            return command.accept(GRANT_TABLE);
        }

        @Override
        public CommandRule identity(IdentityCommand<?> command) {
            return command.accept(IDENTITY_TABLE);
        }
    }

    private static final class SessionTable implements SessionCommand.Visitor<CommandRule> {

        @Override
        public CommandRule login(SessionCommand.Login command) {
            return LOGIN;
        }

        @Override
        public CommandRule describeNode(SessionCommand.DescribeNode command) {
            return STATUS;
        }
    }

    private static final class ImportTable implements ImportCommand.Visitor<CommandRule> {

        @Override
        public CommandRule makeImportParameters(ImportCommand.MakeImportParameters command) {
            return USE;
        }

        @Override
        public CommandRule importMaterial(ImportCommand.ImportMaterial command) {
            return CHANGE;
        }

        @Override
        public CommandRule deleteMaterial(ImportCommand.DeleteMaterial command) {
            return CHANGE;
        }
    }

    private static final class GrantTable implements GrantCommand.Visitor<CommandRule> {

        @Override
        public CommandRule findGrant(GrantCommand.FindGrant command) {
            return USE;
        }

        @Override
        public CommandRule findGrants(GrantCommand.FindGrants command) {
            return USE;
        }

        @Override
        public CommandRule listGrants(GrantCommand.ListGrants command) {
            return USE;
        }

        @Override
        public CommandRule listRetirableGrants(GrantCommand.ListRetirableGrants command) {
            return USE;
        }

        @Override
        public CommandRule createGrant(GrantCommand.CreateGrant command) {
            return CHANGE;
        }

        @Override
        public CommandRule revokeGrant(GrantCommand.RevokeGrant command) {
            return CHANGE;
        }

        @Override
        public CommandRule retireGrant(GrantCommand.RetireGrant command) {
            return CHANGE;
        }
    }

    private static final class IdentityTable implements IdentityCommand.Visitor<CommandRule> {

        @Override
        public CommandRule createAccessKey(IdentityCommand.CreateAccessKey command) {
            return IDENTITY_CHANGE;
        }

        @Override
        public CommandRule createIdentity(IdentityCommand.CreateIdentity command) {
            return IDENTITY_CHANGE;
        }

        @Override
        public CommandRule replaceIdentity(IdentityCommand.ReplaceIdentity command) {
            return IDENTITY_CHANGE;
        }

        @Override
        public CommandRule deleteIdentity(IdentityCommand.DeleteIdentity command) {
            return IDENTITY_CHANGE;
        }

        @Override
        public CommandRule findIdentity(IdentityCommand.FindIdentity command) {
            return IDENTITY_READ;
        }

        @Override
        public CommandRule listIdentities(IdentityCommand.ListIdentities command) {
            return IDENTITY_LIST;
        }

        /** Nothing is written: what is given out is gone from the node, and good while the node's word is. */
        @Override
        public CommandRule mintSession(IdentityCommand.MintSession command) {
            return USE;
        }
    }
}
