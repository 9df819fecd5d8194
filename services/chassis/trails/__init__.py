"""Proofs that a trail was only ever added to: hash trees and signed checkpoints."""
