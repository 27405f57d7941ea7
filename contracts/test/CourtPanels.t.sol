// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Receipt} from "../src/court/Receipt.sol";
import {CourtGrid} from "./support/CourtGrid.sol";

/// @notice Panels where there are validators enough for two.
contract CourtPanelsTest is CourtGrid {
    constructor() {
        validators = 16;
    }

    function test_Panel_OfTheAppeal_IsLargerAndHasNobodyOfTheFirst() public {
        uint256 caseId = accuse();

        (address[] memory first, address[] memory second) = bothPanels(caseId);

        for (uint256 i = 0; i < second.length; ++i) {
            vm.assertEq(court.memberOf(caseId, 0, second[i]).seats, 0, "on one panel only");
        }
        vm.assertEq(seatsOf(caseId, 0, first), 7, "seats of the first");
        vm.assertEq(seatsOf(caseId, 1, second), 21, "seats of the appeal");
    }

    function testFuzz_Panel_ValidatorThatAccuses_DoesNotJudge(uint256 salt) public {
        address accuser = vm.addr(1);
        fund(accuser, 100 ether, address(court));
        Receipt memory one = receipt();
        one.outputHash = bytes32(salt);
        bytes memory signature = signed(MINER_KEY, court.receiptDigest(one));
        vm.prank(accuser);
        uint256 caseId = court.accuse(one, signature, keccak256("evidence"));
        panel(caseId);

        vm.assertEq(court.memberOf(caseId, 0, accuser).seats, 0, "not in its own case");
        vm.assertEq(seatsOf(caseId, 0, court.membersOf(caseId, 0)), 7, "seats");
    }
}
