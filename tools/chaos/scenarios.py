"""The faults that the service must survive, by name."""

from __future__ import annotations

from tools.chaos import faults, places
from tools.chaos.run import Scenario, nothing

SCENARIOS = (
    Scenario("none", "No fault, for comparison", nothing),
    Scenario("api", "API and the processes with use cases killed", faults.kill_api),
    Scenario("workers", "Workers killed", faults.kill_workers),
    Scenario("office", "LibreOffice killed", faults.kill_offices),
    Scenario("broker", "RabbitMQ killed, purged, away", faults.kill_broker),
    Scenario("database", "PostgreSQL killed, restarted, away", faults.kill_database),
    Scenario("archive", "MinIO away a minute, frozen", faults.lose_archive),
    Scenario("disk", "Disk of a worker full", places.fill_disk, places.small_disk),
    Scenario("network", "Network between worker and MinIO cut", places.cut_network, places.apart),
    Scenario("duplicates", "Every message delivered twice and more", faults.deliver_twice, settle=faults.all_again),
    Scenario("clock", "Clock of a worker jumps", places.jump, places.own_clock),
    Scenario("reserve", "Reserve centre away all the time", faults.watch_lag, faults.lose_reserve, faults.drain),
    Scenario("everything", "All kinds in random order", faults.everything, settle=faults.all_again),
)
GATE = Scenario("turns", "One fault of each kind in turn", faults.in_turn)
