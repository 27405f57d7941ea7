// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BttToken} from "../../src/BttToken.sol";
import {DisputeCourt} from "../../src/DisputeCourt.sol";
import {EpochRewards} from "../../src/EpochRewards.sol";
import {EpochRoot} from "../../src/EpochRoot.sol";
import {NodeRegistry} from "../../src/NodeRegistry.sol";
import {NodeRole} from "../../src/NodeRole.sol";
import {PaymentEscrow} from "../../src/PaymentEscrow.sol";
import {Voucher} from "../../src/Voucher.sol";
import {SumTree} from "./SumTree.sol";
import {Vm} from "./Vm.sol";

/// @notice What six accounts do at random, right and wrong, with the sums that must come out.
contract Actions {
    using SumTree for SumTree.Tree;

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant ACCOUNTS = 6;

    BttToken private immutable token;
    NodeRegistry private immutable registry;
    PaymentEscrow private immutable escrow;
    EpochRewards private immutable rewards;
    DisputeCourt private immutable court;

    uint256 public staked;
    uint256 public slashed;
    uint256 public unstaked;
    uint256 public deposited;
    uint256 public withdrawn;
    uint256 public collectorShares;
    uint256 public funded;
    uint256 public thefts;
    uint256 public proposals;
    uint256 public claims;
    mapping(address account => uint256) public earned;

    uint256 private _time = block.timestamp;
    uint256[ACCOUNTS] private _amounts;
    uint256[ACCOUNTS] private _proposed;

    /// @dev The clock of a run is kept here, since each call may begin with that of the start.
    modifier atTime() {
        vm.warp(_time);
        _;
    }

    constructor(
        BttToken token_,
        NodeRegistry registry_,
        PaymentEscrow escrow_,
        EpochRewards rewards_,
        DisputeCourt court_
    ) {
        (token, registry, escrow, rewards, court) = (token_, registry_, escrow_, rewards_, court_);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            vm.startPrank(account(i));
            token.approve(address(registry), type(uint256).max);
            token.approve(address(escrow), type(uint256).max);
            vm.stopPrank();
        }
        // Three validators, so that roots can be signed from the start.
        for (uint256 i = 0; i < 3; ++i) {
            stake(i, 5000 ether, true);
        }
    }

    function count() external pure returns (uint256) {
        return ACCOUNTS;
    }

    function account(uint256 i) public pure returns (address) {
        return vm.addr(i % ACCOUNTS + 1);
    }

    /// @dev The total as the checkpoints have it, one second later.
    function validatorStakeNow() external view returns (uint256 sum) {
        for (uint256 i = 0; i < registry.validatorCount(); ++i) {
            sum += registry.activeStakeOf(registry.validatorAt(i));
        }
    }

    function pass(uint256 time) external {
        _pass(1 + time % 2 days);
    }

    function stake(uint256 who, uint256 amount, bool isValidator) public atTime {
        address node = account(who);
        amount = 1 + amount % 10_000 ether;
        uint256 minimum = isValidator ? 1000 ether : 100 ether;
        bool isNew = registry.roleOf(node) == NodeRole.None;
        if (!isNew) {
            minimum = registry.minimumOf(registry.roleOf(node));
        }
        if (registry.activeStakeOf(node) + amount < minimum) {
            amount = minimum;
        }
        token.faucet(node, amount);
        address displaced = registry.validatorCount() == 5 ? registry.validatorAt(0) : address(0);
        vm.prank(node);
        if (isNew) {
            try registry.register(isValidator ? NodeRole.Validator : NodeRole.Miner, amount, displaced) {
                staked += amount;
            } catch (bytes memory refusal) {
                _requireTyped(refusal);
            }
        } else {
            try registry.addStake(amount, displaced) {
                staked += amount;
            } catch (bytes memory refusal) {
                _requireTyped(refusal);
            }
        }
    }

    function unstake(uint256 who, uint256 amount) external atTime {
        address node = account(who);
        uint256 active = registry.activeStakeOf(node);
        if (active == 0) {
            return;
        }
        amount = 1 + amount % active;
        if (active - amount < registry.minimumOf(registry.roleOf(node))) {
            amount = active;
        }
        vm.prank(node);
        registry.unstake(amount);
    }

    function withdrawStake(uint256 who) external atTime {
        address node = account(who);
        uint256 amount = registry.nodeOf(node).unbonding;
        vm.prank(node);
        try registry.withdraw() {
            unstaked += amount;
        } catch (bytes memory refusal) {
            _requireTyped(refusal);
        }
    }

    function slash(uint256 who, uint256 amount) external atTime {
        vm.prank(address(court));
        slashed += registry.slash(account(who), amount % 3000 ether);
    }

    function deposit(uint256 who, uint256 front, uint256 amount) external atTime {
        amount = 1 + amount % 1000 ether;
        address payer = account(who);
        token.faucet(payer, amount);
        vm.prank(payer);
        escrow.deposit(payer, account(front), amount);
        deposited += amount;
    }

    function collect(uint256 who, uint256 front, uint256 cumulative, uint256 signer) external atTime {
        address payer = account(who);
        Voucher memory voucher =
            Voucher(payer, account(front), payer, cumulative % 5000 ether, uint64(block.timestamp + 1 days), 0);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signer % ACCOUNTS + 1, escrow.voucherDigest(voucher));
        uint256 before = escrow.depositOf(payer, voucher.collector).balance;
        uint256 collectorBefore = token.balanceOf(voucher.collector);
        uint256 fundsBefore = rewards.totalFunded();
        vm.prank(voucher.collector);
        try escrow.collect(voucher, abi.encodePacked(r, s, v)) returns (uint256 paid) {
            collectorShares += token.balanceOf(voucher.collector) - collectorBefore;
            funded += rewards.totalFunded() - fundsBefore;
            thefts += account(signer) != payer || before - escrow.depositOf(payer, voucher.collector).balance != paid
                ? 1
                : 0;
        } catch (bytes memory refusal) {
            _requireTyped(refusal);
        }
    }

    function thaw(uint256 who, uint256 front, uint256 amount) external atTime {
        address payer = account(who);
        uint256 balance = escrow.depositOf(payer, account(front)).balance;
        vm.prank(payer);
        escrow.thaw(account(front), balance == 0 ? 0 : amount % (balance + 1));
    }

    function withdrawDeposit(uint256 who, uint256 front) external atTime {
        address payer = account(who);
        uint256 before = token.balanceOf(payer);
        vm.prank(payer);
        try escrow.withdraw(account(front)) {
            withdrawn += token.balanceOf(payer) - before;
        } catch (bytes memory refusal) {
            _requireTyped(refusal);
        }
    }

    function propose(uint256 seed) external atTime {
        uint256 funds = rewards.totalFunded();
        uint256 total = rewards.activeRecord().total;
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            uint256 more = uint256(keccak256(abi.encode(seed, i))) % (funds - total + 1);
            _proposed[i] = _amounts[i] + more;
            total += more;
        }
        SumTree.Tree memory tree = _tree(_proposed);
        EpochRoot memory root =
            EpochRoot(registry.currentEpoch() - 1, tree.root(), uint128(tree.total()), bytes32(seed));
        try rewards.propose(root, _signatures(rewards.rootDigest(root))) {
            ++proposals;
            _pass(1 days);
            for (uint256 i = 0; i < ACCOUNTS; ++i) {
                _amounts[i] = _proposed[i];
                earned[account(i)] = _proposed[i];
            }
        } catch (bytes memory refusal) {
            _requireTyped(refusal);
        }
    }

    function claim(uint256 who, uint256 claimant) external atTime {
        SumTree.Tree memory tree = _tree(_amounts);
        uint256 i = who % ACCOUNTS;
        uint256 before = rewards.totalClaimed();
        try rewards.claim(account(claimant), _amounts[i], tree.root(), tree.proof(i)) {
            ++claims;
            thefts += account(claimant) != account(i) ? 1 : 0;
            thefts += rewards.totalClaimed() - before > _amounts[i] ? 1 : 0;
        } catch (bytes memory refusal) {
            _requireTyped(refusal);
        }
    }

    function _tree(uint256[ACCOUNTS] storage amounts) private view returns (SumTree.Tree memory) {
        address[] memory accounts = new address[](ACCOUNTS);
        uint256[] memory sums = new uint256[](ACCOUNTS);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            (accounts[i], sums[i]) = (account(i), amounts[i]);
        }
        return SumTree.build(address(rewards), accounts, sums);
    }

    /// @dev Of everyone, by ascending address; those who are no validators add nothing.
    function _signatures(bytes32 digest) private pure returns (bytes[] memory signatures) {
        signatures = new bytes[](ACCOUNTS);
        uint256[] memory keys = new uint256[](ACCOUNTS);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            uint256 key = i + 1;
            uint256 place = i;
            while (place != 0 && vm.addr(keys[place - 1]) > vm.addr(key)) {
                keys[place] = keys[place - 1];
                --place;
            }
            keys[place] = key;
        }
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[i], digest);
            signatures[i] = abi.encodePacked(r, s, v);
        }
    }

    /// @dev A contract may refuse what is tried, by one of its errors: never by a failed check of the compiler, nor without a word.
    function _requireTyped(bytes memory refusal) private pure {
        vm.assertTrue(refusal.length >= 4 && bytes4(refusal) != bytes4(keccak256("Panic(uint256)")), "a panic");
    }

    function _pass(uint256 time) private {
        _time += time;
        vm.warp(_time);
    }
}
