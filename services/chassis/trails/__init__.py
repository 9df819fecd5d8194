"""Proofs that a trail was only appended to: hash trees and signed checkpoints."""
