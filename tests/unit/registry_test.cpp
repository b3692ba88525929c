// Goal: an agent may come back at another endpoint, and nobody takes the place of one that is
// there.
#include "common/rendezvous/registry.h"

#include <gtest/gtest.h>

namespace tacit {
namespace {

class RegistryTest : public ::testing::Test {
 protected:
  static WirePacket registration(std::uint32_t incarnation, const std::string& endpoint) {
    WirePacket packet;
    packet.kind = PacketKind::register_process;
    packet.from = process_id(0);
    packet.greeting.incarnation = incarnation;
    packet.greeting.endpoint = endpoint;
    packet.peers = {{process_id(1), ""}};
    return packet;
  }
  static WirePacket neighbour() {
    WirePacket packet = registration(0, "neighbour");
    packet.from = process_id(1);
    packet.peers = {{process_id(0), ""}};
    return packet;
  }
  std::string objection(std::uint32_t incarnation, const std::string& endpoint) const {
    return registry.registration_objection(registration(incarnation, endpoint)).value_or("");
  }

  Registry registry{1, Greeting{}, 2};
};

TEST_F(RegistryTest, AHigherIncarnationReplacesTheEntryAndItsPeersAreToldWhere) {
  registry.admit(registration(0, "first"));
  registry.admit(neighbour());
  EXPECT_FALSE(registry.moves(registration(1, "first")));
  EXPECT_TRUE(registry.moves(registration(1, "second")));
  EXPECT_EQ(objection(1, "second"), "");
  registry.admit(registration(1, "second"));
  EXPECT_EQ(registry.size(), 2u);
  EXPECT_EQ(registry.directory_for(process_id(1)).peers.at(0).endpoint, "second");
}

TEST_F(RegistryTest, NobodyTakesThePlaceOfOneThatIsThere) {
  registry.admit(registration(3, "first"));
  EXPECT_EQ(objection(3, "first"), "") << "it asks again";
  EXPECT_NE(objection(3, "second").find("already here, at first"), std::string::npos);
  EXPECT_NE(objection(2, "first").find("started again since"), std::string::npos);
  EXPECT_NE(objection(2, "second").find("started again since"), std::string::npos);
}

}  // namespace
}  // namespace tacit
