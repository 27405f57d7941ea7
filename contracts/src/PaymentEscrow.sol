// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EscrowParameters} from "./EscrowParameters.sol";
import {SessionGrant} from "./SessionGrant.sol";
import {PermitHolder} from "./PermitHolder.sol";
import {TokenHolder} from "./TokenHolder.sol";
import {Voucher} from "./Voucher.sol";

/// @title Developers' deposits, and how fronts are paid from them
/// @notice A deposit is for one collector, so it is never promised twice. The payer, or a key that it has authorised for that
/// collector, signs vouchers whose amounts only grow; collecting one pays the difference to what was collected before. A
/// deposit comes back after a thaw, during which vouchers still pay.
///
/// Nobody can stop deposits, withdrawals or collecting: there is no owner. Rounding: shares of a payment are rounded down for
/// burn and collector, so that the pool has the rest and nothing stays here. Contracts cannot sign (no ERC-1271): a session
/// must be a key.
///
/// Invariants: the token balance of this contract is at least the sum of all balances; what a session has collected never
/// exceeds its cap, nor what its payer or key has signed for.
contract PaymentEscrow is PermitHolder, EIP712, Nonces, ReentrancyGuard {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @param balance All of the deposit, what thaws included.
    /// @param thawing What was asked back.
    /// @param thawsAt When that can be withdrawn, Unix seconds.
    struct Deposit {
        uint128 balance;
        uint128 thawing;
        uint64 thawsAt;
    }

    /// @param cap The most that it pays; of no meaning for the payer's own key.
    /// @param collected What it has paid.
    /// @param expiry Until when it pays, Unix seconds; of no meaning for the payer's own key.
    struct Session {
        uint128 cap;
        uint128 collected;
        uint64 expiry;
    }

    bytes32 private constant VOUCHER_TYPE = keccak256(
        "Voucher(address payer,address collector,address session,uint256 cumulative,uint64 expiry,bytes32 receiptsHash)"
    );
    bytes32 private constant GRANT_TYPE = keccak256(
        "SessionGrant(address payer,address collector,address session,uint128 cap,uint64 expiry,uint256 nonce)"
    );
    uint256 private constant WHOLE = 10_000;

    /// @notice Where burned tokens go: an address without a key, since not every token can be burned.
    address public constant BURNED = 0x000000000000000000000000000000000000dEaD;

    address public immutable pool;
    uint64 public immutable thawPeriod;
    uint16 public immutable burnShare;
    uint16 public immutable collectorShare;

    mapping(address payer => mapping(address collector => Deposit)) private _deposits;
    mapping(address payer => mapping(address collector => mapping(address session => Session))) private _sessions;

    event Deposited(address indexed payer, address indexed collector, uint256 amount, address from);
    event Thawing(address indexed payer, address indexed collector, uint256 amount, uint64 thawsAt);
    event Withdrawn(address indexed payer, address indexed collector, uint256 amount);
    event SessionAuthorised(
        address indexed payer, address indexed collector, address indexed session, uint128 cap, uint64 expiry
    );
    event SessionRevoked(address indexed payer, address indexed collector, address indexed session, uint64 expiry);
    event Collected(
        address indexed payer,
        address indexed collector,
        address indexed session,
        uint256 amount,
        uint256 cumulative,
        bytes32 receiptsHash
    );

    error SharesTooLarge(uint256 burnShare, uint256 collectorShare);
    error NoThaw();
    error BalanceTooLow(uint256 balance, uint256 wanted);
    error NothingThawing();
    error StillThawing(uint64 thawsAt);
    error SessionIsPayer(address payer);
    error SessionOnlyGrows(uint128 cap, uint64 expiry);
    error SessionExpired(uint64 expiry);
    error SessionUnknown(address session);
    error GrantNotByPayer(address signer, address payer);
    error OnlyCollector(address caller, address collector);
    error VoucherExpired(uint64 expiry);
    error VoucherNotBySession(address signer, address session);

    constructor(EscrowParameters memory parameters)
        TokenHolder(parameters.token)
        EIP712("BTTInferGrid PaymentEscrow", "1")
    {
        _requireAddress(parameters.pool);
        if (parameters.thawPeriod == 0) {
            revert NoThaw();
        }
        if (uint256(parameters.burnShare) + parameters.collectorShare > WHOLE) {
            revert SharesTooLarge(parameters.burnShare, parameters.collectorShare);
        }
        pool = parameters.pool;
        thawPeriod = parameters.thawPeriod;
        burnShare = parameters.burnShare;
        collectorShare = parameters.collectorShare;
    }

    /// @notice Pays into `payer`'s deposit for `collector`, from the caller's tokens.
    function deposit(address payer, address collector, uint256 amount) external nonReentrant {
        _requireAddress(payer);
        _requireAddress(collector);
        Deposit storage account = _deposits[payer][collector];
        account.balance = (uint256(account.balance) + amount).toUint128();
        emit Deposited(payer, collector, amount, msg.sender);
        _take(msg.sender, amount);
    }

    /// @notice Asks for `amount` of the caller's deposit for `collector` back, in place of what was asked before; zero takes
    /// that back. The thaw begins anew.
    function thaw(address collector, uint256 amount) external {
        Deposit storage account = _deposits[msg.sender][collector];
        if (amount > account.balance) {
            revert BalanceTooLow(account.balance, amount);
        }
        account.thawing = amount.toUint128();
        account.thawsAt = (block.timestamp + thawPeriod).toUint64();
        emit Thawing(msg.sender, collector, amount, account.thawsAt);
    }

    /// @notice Takes out what has thawed and has not been collected meanwhile.
    function withdraw(address collector) external nonReentrant {
        Deposit storage account = _deposits[msg.sender][collector];
        uint128 amount = account.thawing;
        if (amount == 0) {
            revert NothingThawing();
        }
        if (block.timestamp < account.thawsAt) {
            revert StillThawing(account.thawsAt);
        }
        account.thawing = 0;
        account.balance -= amount;
        emit Withdrawn(msg.sender, collector, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @notice Lets `session` sign vouchers for `collector` in the caller's place. Cap and expiry of a session only grow;
    /// `revoke` ends one.
    function authorise(address collector, address session, uint128 cap, uint64 expiry) external {
        _authorise(msg.sender, collector, session, cap, expiry);
    }

    /// @notice The same by the payer's signature, so that somebody else pays for the gas.
    /// @param grant What is authorised.
    /// @param signature The payer's, 65 bytes.
    function authoriseBySignature(SessionGrant calldata grant, bytes calldata signature) external {
        _useCheckedNonce(grant.payer, grant.nonce);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    GRANT_TYPE, grant.payer, grant.collector, grant.session, grant.cap, grant.expiry, grant.nonce
                )
            )
        );
        address signer = ECDSA.recover(digest, signature);
        if (signer != grant.payer) {
            revert GrantNotByPayer(signer, grant.payer);
        }
        _authorise(grant.payer, grant.collector, grant.session, grant.cap, grant.expiry);
    }

    /// @notice Ends a session of the caller after a thaw: the collector can bring in what it has been promised.
    function revoke(address collector, address session) external {
        Session storage key = _sessions[msg.sender][collector][session];
        uint64 end = (block.timestamp + thawPeriod).toUint64();
        if (key.expiry == 0) {
            revert SessionUnknown(session);
        }
        if (end < key.expiry) {
            key.expiry = end;
        }
        emit SessionRevoked(msg.sender, collector, session, key.expiry);
    }

    /// @notice Collects what `voucher` is worth more than what its session has paid: as much of it as cap and deposit allow.
    /// A voucher that was collected already, or an older one, pays nothing.
    /// @param voucher The newest of its session.
    /// @param signature The session key's, 65 bytes.
    /// @return amount What was paid.
    function collect(Voucher calldata voucher, bytes calldata signature)
        external
        nonReentrant
        returns (uint256 amount)
    {
        if (msg.sender != voucher.collector) {
            revert OnlyCollector(msg.sender, voucher.collector);
        }
        if (block.timestamp > voucher.expiry) {
            revert VoucherExpired(voucher.expiry);
        }
        address signer = ECDSA.recover(voucherDigest(voucher), signature);
        if (signer != voucher.session) {
            revert VoucherNotBySession(signer, voucher.session);
        }
        amount = _pay(voucher);
    }

    /// @notice The deposit of `payer` for `collector`.
    function depositOf(address payer, address collector) external view returns (Deposit memory) {
        return _deposits[payer][collector];
    }

    /// @notice A session of `payer` for `collector`.
    function sessionOf(address payer, address collector, address session) external view returns (Session memory) {
        return _sessions[payer][collector][session];
    }

    /// @notice What a session key signs (EIP-712).
    function voucherDigest(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    VOUCHER_TYPE,
                    voucher.payer,
                    voucher.collector,
                    voucher.session,
                    voucher.cumulative,
                    voucher.expiry,
                    voucher.receiptsHash
                )
            )
        );
    }

    function _authorise(address payer, address collector, address session, uint128 cap, uint64 expiry) private {
        _requireAddress(collector);
        _requireAddress(session);
        if (session == payer) {
            revert SessionIsPayer(payer);
        }
        if (expiry <= block.timestamp) {
            revert SessionExpired(expiry);
        }
        Session storage key = _sessions[payer][collector][session];
        if (cap < key.cap || expiry < key.expiry) {
            revert SessionOnlyGrows(key.cap, key.expiry);
        }
        key.cap = cap;
        key.expiry = expiry;
        emit SessionAuthorised(payer, collector, session, cap, expiry);
    }

    function _pay(Voucher calldata voucher) private returns (uint256 amount) {
        Session storage key = _sessions[voucher.payer][voucher.collector][voucher.session];
        uint256 owed = voucher.cumulative;
        if (voucher.session != voucher.payer) {
            if (block.timestamp > key.expiry) {
                revert SessionExpired(key.expiry);
            }
            owed = owed < key.cap ? owed : key.cap;
        }
        Deposit storage account = _deposits[voucher.payer][voucher.collector];
        (uint128 collected, uint128 balance) = (key.collected, account.balance);
        amount = owed > collected ? owed - collected : 0;
        amount = amount < balance ? amount : balance;
        if (amount == 0) {
            return 0;
        }
        // Both fit: the amount is at most a balance of 128 bits, and the sum at most what was deposited in all.
        key.collected = (collected + amount).toUint128();
        uint128 rest = (balance - amount).toUint128();
        account.balance = rest;
        if (account.thawing > rest) {
            account.thawing = rest;
        }
        emit Collected(
            voucher.payer, voucher.collector, voucher.session, amount, voucher.cumulative, voucher.receiptsHash
        );
        _share(voucher.collector, amount);
    }

    function _share(address collector, uint256 amount) private {
        uint256 burned = (amount * burnShare) / WHOLE;
        uint256 collectors = (amount * collectorShare) / WHOLE;
        if (burned != 0) {
            token.safeTransfer(BURNED, burned);
        }
        if (collectors != 0) {
            token.safeTransfer(collector, collectors);
        }
        if (amount != burned + collectors) {
            token.safeTransfer(pool, amount - burned - collectors);
        }
    }
}
