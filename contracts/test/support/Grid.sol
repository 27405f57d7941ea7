// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BttToken} from "../../src/BttToken.sol";
import {CourtParameters} from "../../src/court/CourtParameters.sol";
import {DisputeCourt} from "../../src/DisputeCourt.sol";
import {EpochRewards} from "../../src/EpochRewards.sol";
import {EscrowParameters} from "../../src/EscrowParameters.sol";
import {NodeRegistry} from "../../src/NodeRegistry.sol";
import {NodeRole} from "../../src/NodeRole.sol";
import {PaymentEscrow} from "../../src/PaymentEscrow.sol";
import {RegistryParameters} from "../../src/RegistryParameters.sol";
import {TestBase} from "./TestBase.sol";

/// @notice All contracts of the grid, and accounts with keys.
abstract contract Grid is TestBase {
    uint64 internal constant EPOCH = 1 hours;
    uint256 internal constant MIN_MINER = 100 ether;
    uint256 internal constant MIN_VALIDATOR = 1000 ether;

    /// @dev Seats of validators.
    uint32 internal validators = 5;

    BttToken internal token;
    NodeRegistry internal registry;
    PaymentEscrow internal escrow;
    EpochRewards internal rewards;
    DisputeCourt internal court;

    function setUp() public virtual {
        vm.warp(1_700_000_000);
        vm.roll(1000);
        token = new BttToken();
        address courtAddress = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        registry = new NodeRegistry(registryParameters(courtAddress));
        court = new DisputeCourt(courtParameters());
        rewards = new EpochRewards(token, registry, 1 days);
        escrow = new PaymentEscrow(escrowParameters());
    }

    function registryParameters(address courtAddress) internal view returns (RegistryParameters memory) {
        return RegistryParameters({
            token: token,
            court: courtAddress,
            minMinerStake: MIN_MINER,
            minValidatorStake: MIN_VALIDATOR,
            unbondingDelay: 21 days,
            disputeWindow: 7 days,
            challengeTime: 14 days,
            epochLength: EPOCH,
            maxValidators: validators
        });
    }

    function escrowParameters() internal view returns (EscrowParameters memory) {
        return EscrowParameters({
            token: token, pool: address(rewards), thawPeriod: 3 days, burnShare: 100, collectorShare: 500
        });
    }

    function courtParameters() internal view returns (CourtParameters memory) {
        return CourtParameters({
            token: token,
            registry: registry,
            accusationBond: 100 ether,
            appealBond: 200 ether,
            demandBond: 1 ether,
            seatFee: 1 ether,
            caseCap: 500 ether,
            doubleReceiptShare: 5000,
            falseRevealShare: 2000,
            missedDutyShare: 100,
            guiltyShare: 3000,
            panelSize: 7,
            appealPanelSize: 21,
            disputeWindow: 7 days,
            entropyWindow: 1 hours,
            commitWindow: 6 hours,
            revealWindow: 6 hours,
            appealWindow: 1 days,
            caseTime: 14 days
        });
    }

    /// @dev Gives tokens to `account` and lets `spender` take them.
    function fund(address account, uint256 amount, address spender) internal {
        for (uint256 left = amount; left != 0;) {
            uint256 part = left < token.FAUCET_LIMIT() ? left : token.FAUCET_LIMIT();
            token.faucet(account, part);
            left -= part;
        }
        vm.prank(account);
        token.approve(spender, type(uint256).max);
    }

    /// @dev Registers the account of key `key`.
    function register(uint256 key, NodeRole role, uint256 stake) internal returns (address account) {
        account = vm.addr(key);
        fund(account, stake, address(registry));
        vm.prank(account);
        registry.register(role, stake, address(0));
    }

    function signed(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev The same signature in its other form, with a high s, which is refused everywhere.
    function malleable(bytes memory signature) internal pure returns (bytes memory) {
        bytes32 r;
        bytes32 s;
        uint8 v;
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        return abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    /// @dev The s of a signature.
    function highS(bytes memory signature) internal pure returns (bytes32 s) {
        assembly {
            s := mload(add(signature, 64))
        }
    }
}
